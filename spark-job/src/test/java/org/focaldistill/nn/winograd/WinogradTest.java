package org.focaldistill.nn.winograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.lang3.SystemUtils;
import org.focaldistill.cuda.driver.StandIn;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.ConvolutionKernel;
import org.focaldistill.nn.ConvolutionShape;
import org.focaldistill.nn.FloatAddress;
import org.focaldistill.nn.FoldedConvolutionKernel;
import org.focaldistill.nn.FoldedConvolutionKernel.Tail;
import org.focaldistill.nn.nd4j.Nd4jLibrary;
import org.focaldistill.nn.winograd.Winograd.Vectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The kernels for each length of vectors that this processor has, against ND4J's double operations. */
class WinogradTest {
    private static final Path SOURCES = Path.of(System.getProperty("basedir", ""), "src/main/native");
    private static final Path COMPILED = Path.of(
            System.getProperty("basedir", ""),
            "src/main/resources/org/focaldistill/nn/winograd/winograd-linux-x86-64.so");
    /** Sides that tiles of 4 divide and others, more images and fewer than one block of tiles, channels of one vector and more. */
    private static final List<ConvolutionShape> SHAPES = List.of(
            shape(3, 8, 8, 16, 16),
            shape(1, 1, 1, 16, 32),
            shape(2, 7, 5, 32, 16),
            shape(1, 3, 18, 48, 48),
            shape(13, 6, 9, 16, 64),
            shape(5, 16, 16, 80, 32));

    @TempDir
    private Path folder;

    private static ConvolutionShape shape(int batch, int height, int width, int in, int out) {
        return new ConvolutionShape(new ActivationShape(batch, height, width, in), out, 3, 1, 1, 1);
    }

    @BeforeAll
    static void there_are_kernels_for_this_system() {
        assumeThat(SystemUtils.IS_OS_LINUX && "amd64".equals(SystemUtils.OS_ARCH))
                .as("Linux on x86-64")
                .isTrue();
    }

    static Stream<Vectors> vectors() throws IOException {
        String processor = Files.readString(Path.of("/proc/cpuinfo"));
        return Stream.of(Vectors.values())
                .filter(vectors -> processor.contains(vectors == Vectors.AVX2 ? " avx2 " : " avx512dq "));
    }

    private static Winograd winograd(Vectors vectors) {
        return winograd(vectors, 0);
    }

    /** @param left what is in the scratch before each call, in every float */
    private static Winograd winograd(Vectors vectors, double left) {
        return Objects.requireNonNull(Winograd.load(
                vectors, bytes -> FloatAddress.ofDense(Room.of(bytes / Float.BYTES, left))));
    }

    /** Keeps the memory of a call reachable. */
    private static final class Room {
        private static INDArray memory = Nd4j.create(DataType.FLOAT, 1);

        static INDArray of(long floats, double left) {
            memory = Nd4j.valueArrayOf(new long[] {floats}, left, DataType.FLOAT);
            return memory;
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void all_passes_agree_with_direct_sums_in_double_precision(Vectors vectors) {
        for (ConvolutionShape shape : SHAPES) {
            Passes expected = Passes.of(new Nd4jLibrary().convolution(shape), shape, DataType.DOUBLE);
            Passes found = Passes.of(winograd(vectors).convolution(shape), shape, DataType.FLOAT);
            assertThat(Winograd.suits(shape)).isTrue();
            assertClose("output of " + shape, found.output, expected.output);
            assertClose("input gradient of " + shape, found.inputGradient, expected.inputGradient);
            assertClose("weights gradient of " + shape, found.weightsGradient, expected.weightsGradient);
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void what_is_left_in_the_scratch_changes_nothing(Vectors vectors) {
        for (ConvolutionShape shape : SHAPES) {
            Passes zeros = Passes.of(winograd(vectors).convolution(shape), shape, DataType.FLOAT);
            Passes others = Passes.of(winograd(vectors, Double.NaN).convolution(shape), shape, DataType.FLOAT);
            assertThat(others).as(shape.toString()).isEqualTo(zeros);
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void gradients_in_the_input_are_added_to_others(Vectors vectors) {
        ConvolutionShape shape = SHAPES.get(2);
        INDArray gradient = random(3, shape.output().nhwc());
        INDArray others = random(4, shape.input().nhwc());
        INDArray sum = others.dup();
        INDArray weights = random(2, shape.weights());
        INDArray weightsGradient = Nd4j.create(DataType.FLOAT, shape.weights());
        try (ConvolutionKernel kernel = winograd(vectors).convolution(shape)) {
            assertThat(kernel.addsInputGradients()).isTrue();
            kernel.backwardAdding(random(1, shape.input().nhwc()), weights, gradient, weightsGradient, sum);
        }
        Passes apart = Passes.of(winograd(vectors).convolution(shape), shape, DataType.FLOAT);
        assertThat(sum).isEqualTo(others.add(apart.inputGradient));
        assertThat(weightsGradient).isEqualTo(apart.weightsGradient);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void in_evaluation_bias_sum_and_relu_follow(Vectors vectors) {
        ConvolutionShape shape = SHAPES.get(4);
        INDArray input = random(1, shape.input().nhwc());
        INDArray weights = random(2, shape.weights());
        INDArray bias = random(5, shape.outChannels());
        INDArray before = random(6, shape.output().nhwc());
        for (Tail tail :
                List.of(new Tail(false, false), new Tail(true, false), new Tail(false, true), new Tail(true, true))) {
            INDArray expected = before.castTo(DataType.DOUBLE);
            run(
                    new Nd4jLibrary().foldedConvolution(shape, doubles(weights), doubles(bias), tail),
                    doubles(input),
                    expected);
            INDArray found = before.dup();
            run(winograd(vectors).foldedConvolution(shape, weights, bias, tail), input, found);
            assertClose(tail.toString(), found, expected);
        }
    }

    /** Else ReLUs, which turn NaN into 0, let a diverged network look sound. */
    @ParameterizedTest
    @MethodSource("vectors")
    void what_overflows_and_what_is_no_number_is_infinite(Vectors vectors) {
        ConvolutionShape shape = SHAPES.get(0);
        INDArray bias = random(5, shape.outChannels());
        for (double value : new double[] {3e38, -3e38, Double.POSITIVE_INFINITY, Double.NaN}) {
            INDArray input = Nd4j.valueArrayOf(shape.input().nhwc(), value, DataType.FLOAT);
            // Below zero, too, may be infinite, which a ReLU turns into 0 as in a direct sum; NaN is positive.
            Tail tail = Double.isNaN(value) ? new Tail(true, true) : new Tail(false, false);
            INDArray found = random(6, shape.output().nhwc());
            run(winograd(vectors).foldedConvolution(shape, random(2, shape.weights()), bias, tail), input, found);
            for (float output : found.data().asFloat()) {
                assertThat(Float.isInfinite(output))
                        .as(value + " makes " + output)
                        .isTrue();
            }
        }
    }

    @Test
    void weights_whose_sums_could_overflow_are_left_to_direct_sums() {
        ConvolutionShape shape = SHAPES.get(0);
        assertThat(Winograd.suits(shape, Nd4j.valueArrayOf(shape.weights(), 1e9, DataType.FLOAT)))
                .isTrue();
        assertThat(Winograd.suits(shape, Nd4j.valueArrayOf(shape.weights(), -1e11, DataType.FLOAT)))
                .isFalse();
    }

    @Test
    void other_convolutions_are_left_to_others() {
        ActivationShape input = new ActivationShape(2, 8, 8, 32);
        ActivationShape rows = new ActivationShape(2, 8, 8, 32, 48);
        assertThat(List.of(
                        new ConvolutionShape(input, 32, 3, 2, 1, 1),
                        new ConvolutionShape(input, 32, 1, 1, 0, 1),
                        new ConvolutionShape(input, 32, 3, 1, 0, 1),
                        new ConvolutionShape(input, 32, 3, 1, 1, 2),
                        new ConvolutionShape(input, 24, 3, 1, 1, 1),
                        new ConvolutionShape(rows, 32, 3, 1, 1, 1)))
                .noneMatch(Winograd::suits);
    }

    @Test
    void the_library_is_of_the_sources_as_they_are_now() throws IOException {
        String sources =
                Files.readString(SOURCES.resolve("winograd.c")) + Files.readString(SOURCES.resolve("compile.sh"));
        assertThat(Files.readString(COMPILED, StandardCharsets.ISO_8859_1))
                .as("run src/main/native/compile.sh")
                .contains("sources: " + DigestUtils.sha256Hex(sources));
    }

    /** Where the same compiler is: whoever doubts the library can make it. */
    @Test
    void the_sources_compile_to_the_library_byte_for_byte() throws IOException, InterruptedException {
        assumeThat(StandIn.onPath("gcc")).isNotNull();
        Path again = folder.resolve("again.so");
        Path log = folder.resolve("log");
        Process compiling = new ProcessBuilder(
                        "bash", SOURCES.resolve("compile.sh").toString(), again.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(compiling.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(compiling.exitValue()).as(Files.readString(log)).isZero();
        byte[] made = Files.readAllBytes(again);
        assumeThat(compiler(made)).isEqualTo(compiler(Files.readAllBytes(COMPILED)));
        assertThat(Arrays.equals(made, Files.readAllBytes(COMPILED)))
                .as("the same bytes")
                .isTrue();
    }

    /** As compilers sign. */
    private static String compiler(byte[] library) {
        String all = new String(library, StandardCharsets.ISO_8859_1);
        int sign = all.indexOf("GCC: (");
        return sign < 0 ? "none" : all.substring(sign, all.indexOf('\0', sign));
    }

    private static void run(FoldedConvolutionKernel kernel, INDArray input, INDArray output) {
        try (kernel) {
            kernel.run(input, output);
        }
    }

    /** What a kernel makes of the same random numbers. */
    private record Passes(INDArray output, INDArray inputGradient, INDArray weightsGradient) {
        static Passes of(ConvolutionKernel kernel, ConvolutionShape shape, DataType type) {
            INDArray input = random(1, shape.input().nhwc()).castTo(type);
            INDArray weights = random(2, shape.weights()).castTo(type);
            INDArray gradient = random(3, shape.output().nhwc()).castTo(type);
            Passes passes = new Passes(
                    Nd4j.valueArrayOf(shape.output().nhwc(), Double.NaN, type),
                    Nd4j.valueArrayOf(shape.input().nhwc(), Double.NaN, type),
                    Nd4j.valueArrayOf(shape.weights(), Double.NaN, type));
            try (kernel) {
                kernel.forward(input, weights, passes.output);
                kernel.backward(input, weights, gradient, passes.weightsGradient, passes.inputGradient);
            }
            return passes;
        }
    }

    private static INDArray doubles(INDArray array) {
        return array.castTo(DataType.DOUBLE);
    }

    private static INDArray random(long seed, long... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        INDArray array = Nd4j.create(DataType.FLOAT, shape);
        for (long i = 0; i < array.length(); i++) {
            array.data().put(i, (float) random.nextDouble(-1, 1));
        }
        return array;
    }

    private static void assertClose(String what, INDArray found, INDArray expected) {
        double error = found.castTo(DataType.DOUBLE).sub(expected).amaxNumber().doubleValue();
        assertThat(error / expected.amaxNumber().doubleValue()).as(what).isLessThan(2e-5);
    }
}
