package org.focaldistill.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Reads the reference files under {@code src/test/resources/reference}. */
public final class Reference {
    private Reference() {}

    /** {@code u(t, i)} of the integer rule: tensor number t and element i, both 1-based. */
    public static double u(long t, long i) {
        return ((i * i * 40503 + i * t * 9973 + t * 7919) % 65537) / 65537.0;
    }

    public static List<String> lines(String file) {
        InputStream stream = Objects.requireNonNull(Reference.class.getResourceAsStream("/reference/" + file), file);
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The numbers of the line of the files of forward passes that begins with the given words. */
    public static double[] forward(String model, String what) {
        String prefix = model + " " + what + " ";
        String line = Stream.of("reference_forward.txt", "more_forward.txt")
                .flatMap(file -> lines(file).stream())
                .filter(l -> l.startsWith(prefix))
                .findFirst()
                .orElseThrow();
        return Arrays.stream(line.substring(prefix.length()).trim().split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    /** The tensors of a model in file order. */
    public static List<TensorLine> stateDict(String model) {
        return lines("state_dicts/" + model + ".txt").stream()
                .map(TensorLine::parse)
                .toList();
    }

    /** The convolutions of a model. */
    public static List<ConvolutionLine> convolutions(String model) {
        return lines("state_dicts/" + model + ".layers.txt").stream()
                .map(line -> line.split("\t"))
                .filter(cells -> cells[1].equals("conv"))
                .map(ConvolutionLine::parse)
                .toList();
    }

    public record TensorLine(String name, long[] shape) {
        static TensorLine parse(String line) {
            String[] cells = line.split("\t");
            return new TensorLine(cells[0], numbers(cells[1]));
        }

        public boolean isCounter() {
            return name.endsWith("num_batches_tracked");
        }

        /** Element i (1-based) of this tensor, the t-th (1-based) of its file. */
        public double value(long t, long i) {
            double u = u(t, i);
            if (name.endsWith("running_mean") || name.endsWith("bias")) {
                return 0.2 * u - 0.1;
            }
            return switch (shape.length) {
                case 4 -> (2 * u - 1) * Math.sqrt(1.5 / (shape[1] * shape[2] * shape[3]));
                case 2 -> (2 * u - 1) / Math.sqrt(shape[1]);
                default -> 0.5 + u;
            };
        }
    }

    /** Sizes as channels, height, width. */
    public record ConvolutionLine(String name, long[] in, long[] out, int kernel, int stride, int padding, int groups) {
        static ConvolutionLine parse(String[] cells) {
            return new ConvolutionLine(
                    cells[0],
                    numbers(cells[2]),
                    numbers(cells[3]),
                    (int) numbers(cells[4])[0],
                    (int) numbers(cells[5])[0],
                    (int) numbers(cells[6])[0],
                    Integer.parseInt(cells[7]));
        }
    }

    private static long[] numbers(String list) {
        String inner = list.substring(1, list.length() - 1).trim();
        return inner.isEmpty()
                ? new long[0]
                : Arrays.stream(inner.split(", ?")).mapToLong(Long::parseLong).toArray();
    }
}
