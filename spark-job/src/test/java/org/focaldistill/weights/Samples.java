package org.focaldistill.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Files of a resnet8 in {@code src/test/resources/teachers}, written by PyTorch 2.13: the same weights in several forms, and
 * files to be refused.
 */
final class Samples {
    private Samples() {}

    static byte[] bytes(String file) {
        try (InputStream stream =
                Objects.requireNonNull(Samples.class.getResourceAsStream("/teachers/" + file), file)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ForeignWeights.Match match(String file) throws InvalidModelException {
        return ForeignWeights.read(bytes(file), file).matching(resnet8(), null);
    }

    /** The names and shapes of a resnet8 of 100 classes. */
    static Map<String, long[]> resnet8() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        convolution(shapes, "conv1", "bn1", 3, 16, 3);
        long in = 16;
        for (int stage = 1; stage <= 3; stage++) {
            long out = stage == 1 ? 16 : 8L << stage;
            String block = "layer" + stage + ".0.";
            convolution(shapes, block + "conv1", block + "bn1", in, out, 3);
            convolution(shapes, block + "conv2", block + "bn2", out, out, 3);
            if (in != out) {
                convolution(shapes, block + "downsample.0", block + "downsample.1", in, out, 1);
            }
            in = out;
        }
        shapes.put("fc.weight", new long[] {100, 64});
        shapes.put("fc.bias", new long[] {100});
        return shapes;
    }

    private static void convolution(
            Map<String, long[]> shapes, String conv, String norm, long in, long out, long kernel) {
        shapes.put(conv + ".weight", new long[] {out, in, kernel, kernel});
        for (String tensor : new String[] {"weight", "bias", "running_mean", "running_var"}) {
            shapes.put(norm + "." + tensor, new long[] {out});
        }
    }
}
