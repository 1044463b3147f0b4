package org.focaldistill.nn.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.focaldistill.net.Window;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.AddReluKernel;
import org.focaldistill.nn.BatchNormKernel;
import org.focaldistill.nn.BatchNormShape;
import org.focaldistill.nn.ConcatKernel;
import org.focaldistill.nn.ConvolutionKernel;
import org.focaldistill.nn.ConvolutionShape;
import org.focaldistill.nn.FixedMapKernel;
import org.focaldistill.nn.KernelLibrary;
import org.focaldistill.nn.PoolShape;
import org.focaldistill.nn.backend.KernelLibraries;
import org.focaldistill.nn.nd4j.Nd4jLibrary;
import org.focaldistill.testing.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Each library's float kernels against ND4J's double operations, on every layer shape the networks have: resnet56 and
 * resnet110 have those of resnet20.
 */
class KernelAgreementTest {
    private static final List<String> MODELS = List.of("resnet20", "resnet32x4", "wrn_40_2", "ShuffleV1");
    private static final int BATCH = 4;
    private static final KernelLibrary REFERENCE = new Nd4jLibrary();

    static Stream<KernelLibrary> libraries() {
        return Stream.of(new OneDnnLibrary(REFERENCE), new Nd4jLibrary());
    }

    @Test
    void float_networks_run_on_onednn_here() {
        assertThat(KernelLibraries.description()).startsWith("onednn");
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void convolutions_agree(KernelLibrary library) {
        convolutions().forEach(shape -> assertConvolutionsAgree(library, shape, shape));
    }

    /** Planes of 20 channels, and of 18 in rows of 32 with {@link #empty} ends. */
    @Test
    void activations_in_planes_agree() {
        KernelLibrary library = new OneDnnLibrary(REFERENCE);
        ActivationShape dense = new ActivationShape(BATCH, 8, 8, 60);
        ActivationShape planes = dense.inPlanes(3, 20);
        ActivationShape narrow = new ActivationShape(BATCH, 8, 8, 54);
        ActivationShape rows = narrow.inPlanes(3, 32);

        assertNormsAgree(library, dense, planes);
        assertNormsAgree(library, narrow, rows);
        // A plane as wide as a block of oneDNN's.
        ActivationShape blockwide = new ActivationShape(BATCH, 8, 8, 48);
        assertNormsAgree(library, blockwide, blockwide.inPlanes(3, 16));
        assertJoinsAgree(library, planes);
        assertJoinsAgree(library, rows);
        assertJoinsAgree(library, new ActivationShape(BATCH, 8, 8, 60, 64));
        PoolShape pool = new PoolShape(planes, new Window(3, 2, 1));
        PoolShape ofDense = new PoolShape(dense, pool.window());
        assertMapsAgree(
                "pool of " + planes, REFERENCE.averagePool(ofDense), library.averagePool(pool), planes, pool.output());
        ConvolutionShape wider = new ConvolutionShape(dense, 54, 1, 1, 0, 3);
        assertConvolutionsAgree(library, wider, new ConvolutionShape(planes, 54, 1, 1, 0, 3).withOutPlanes(3, 32));
        assertConvolutionsAgree(library, wider, new ConvolutionShape(planes, 54, 1, 1, 0, 3));
        assertConvolutionsAgree(library, wider, new ConvolutionShape(dense, 54, 1, 1, 0, 3).withOutPlanes(3, 32));
        for (ActivationShape second : List.of(dense, planes)) {
            ActivationShape joined = new ActivationShape(BATCH, 8, 8, 114);
            assertConcatenationsAgree(library, rows, second, joined);
            assertConcatenationsAgree(library, rows, second, joined.inPlanes(3, 40));
        }
    }

    @Test
    void convolutions_take_planes_for_groups_only() {
        ActivationShape planes = new ActivationShape(BATCH, 8, 8, 60).inPlanes(3, 20);
        assertThatThrownBy(() -> new ConvolutionShape(planes, 60, 3, 1, 1, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 x 3");
        assertThatThrownBy(() -> new ConvolutionShape(planes, 60, 1, 1, 1, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("padding 1");
        assertThatThrownBy(() -> new ConvolutionShape(planes, 60, 1, 1, 0, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in 2 groups takes and makes no activations in 3 planes");
    }

    private static void assertConvolutionsAgree(KernelLibrary library, ConvolutionShape dense, ConvolutionShape shape) {
        INDArray input = random(1, shape.input().nhwc());
        INDArray weights = random(2, shape.weights());
        INDArray gradient = random(3, shape.output().nhwc());
        INDArray[] expected = convolve(REFERENCE, dense, input, weights, gradient);
        INDArray[] found = convolve(library, shape, floats(input), floats(weights), floats(gradient));
        assertClose("output of " + shape, found[0], expected[0]);
        assertClose("input gradient of " + shape, found[1], expected[1]);
        assertClose("weights gradient of " + shape, found[2], expected[2]);
    }

    private static INDArray[] convolve(
            KernelLibrary library, ConvolutionShape shape, INDArray input, INDArray weights, INDArray gradient) {
        INDArray x = laidOut(input, shape.input());
        INDArray outputGradient = laidOut(gradient, shape.output());
        INDArray output = empty(input.dataType(), shape.output());
        INDArray inputGradient = empty(input.dataType(), shape.input());
        INDArray weightsGradient = Nd4j.create(input.dataType(), weights.shape());
        INDArray alone = Nd4j.create(input.dataType(), weights.shape());
        try (ConvolutionKernel kernel = library.convolution(shape)) {
            kernel.forward(x, weights, output);
            kernel.backward(x, weights, outputGradient, alone, null);
            kernel.backward(x, weights, outputGradient, weightsGradient, inputGradient);
            if (kernel.addsInputGradients()) {
                assertAdds(kernel, shape, x, weights, outputGradient, inputGradient);
            }
        }
        assertThat(alone).as("without an input gradient, of " + shape).isEqualTo(weightsGradient);
        return new INDArray[] {output, inputGradient, weightsGradient};
    }

    private static void assertAdds(
            ConvolutionKernel kernel,
            ConvolutionShape shape,
            INDArray x,
            INDArray weights,
            INDArray outputGradient,
            INDArray inputGradient) {
        INDArray before = random(14, shape.input().nhwc());
        INDArray sum = laidOut(floats(before), shape.input());
        kernel.backwardAdding(x, weights, outputGradient, Nd4j.create(x.dataType(), weights.shape()), sum);
        assertClose("sum with the input gradient of " + shape, sum, before.addi(pixels(inputGradient)));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void batch_normalisations_agree(KernelLibrary library) {
        activations().forEach(activation -> assertNormsAgree(library, activation, activation));
    }

    private static void assertNormsAgree(KernelLibrary library, ActivationShape dense, ActivationShape activation) {
        for (boolean relu : new boolean[] {false, true}) {
            BatchNormShape shape = new BatchNormShape(activation, relu);
            INDArray input = random(4, activation.nhwc()).muli(3).addi(1);
            INDArray parameters = random(5, 4 * activation.channels());
            parameters
                    .get(org.nd4j.linalg.indexing.NDArrayIndex.interval(
                            3 * activation.channels(), 4 * activation.channels()))
                    .addi(1.5);
            INDArray gradient = random(6, activation.nhwc());
            INDArray[] expected = normalise(REFERENCE, new BatchNormShape(dense, relu), input, parameters, gradient);
            INDArray[] found = normalise(library, shape, floats(input), floats(parameters), floats(gradient));
            for (int i = 0; i < expected.length; i++) {
                assertClose("result " + i + " of " + shape, found[i], expected[i]);
            }
        }
    }

    /** Everywhere in {@link #empty} rows there is not-a-number, which any sum that takes it in would show. */
    @Test
    void what_lies_behind_the_channels_of_a_pixel_reaches_none_of_them() {
        KernelLibrary library = new OneDnnLibrary(REFERENCE);
        int padded = 0;
        for (ConvolutionShape shape : convolutions()) {
            ConvolutionShape rows = new ConvolutionShape(
                            rows(library, shape.input()),
                            shape.outChannels(),
                            shape.kernel(),
                            shape.stride(),
                            shape.padding(),
                            shape.groups())
                    .withOutRowLength(library.rowLength(shape.outChannels()));
            if (!rows.isDense()) {
                padded++;
                assertConvolutionsAgree(library, shape, rows);
                assertNormsAgree(library, shape.output(), rows.output());
            }
        }
        assertThat(padded).as("layers with padded rows").isPositive();
        ActivationShape dense = new ActivationShape(BATCH, 16, 16, 60);
        ActivationShape rows = rows(library, dense);
        assertMapsAgree("shuffle of " + rows, REFERENCE.shuffle(dense, 3), library.shuffle(rows, 3), rows, rows);
        PoolShape pool = new PoolShape(rows, new Window(3, 2, 1));
        assertMapsAgree("pool of " + rows, REFERENCE.averagePool(pool), library.averagePool(pool), rows, pool.output());
        for (int groups : new int[] {1, 3}) {
            ConvolutionShape wide = new ConvolutionShape(dense, 54, 3, 2, 1, groups);
            assertConvolutionsAgree(
                    library,
                    wide,
                    new ConvolutionShape(rows, 54, 3, 2, 1, groups).withOutRowLength(library.rowLength(54)));
        }
    }

    private static ActivationShape rows(KernelLibrary library, ActivationShape dense) {
        return new ActivationShape(
                dense.batch(), dense.height(), dense.width(), dense.channels(), library.rowLength(dense.channels()));
    }

    private static INDArray[] normalise(
            KernelLibrary library, BatchNormShape shape, INDArray input, INDArray parameters, INDArray gradient) {
        INDArray moved = parameters.dup();
        INDArray x = laidOut(input, shape.input());
        INDArray inference = empty(input.dataType(), shape.input());
        INDArray training = empty(input.dataType(), shape.input());
        INDArray inputGradient = empty(input.dataType(), shape.input());
        INDArray gradients = Nd4j.create(input.dataType(), parameters.shape());
        try (BatchNormKernel kernel = library.batchNorm(shape)) {
            kernel.infer(x, moved, inference);
            kernel.train(x, moved, training);
            kernel.backward(x, training, laidOut(gradient, shape.input()), moved, inputGradient, gradients);
        }
        return new INDArray[] {inference, training, moved, inputGradient, gradients};
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void residual_joins_agree(KernelLibrary library) {
        activations().forEach(shape -> assertJoinsAgree(library, shape));
    }

    private static void assertJoinsAgree(KernelLibrary library, ActivationShape shape) {
        INDArray a = random(7, shape.nhwc());
        INDArray b = random(8, shape.nhwc());
        INDArray gradient = random(9, shape.nhwc());
        INDArray[] found = join(library, shape, floats(a), floats(b), floats(gradient));
        ActivationShape dense = new ActivationShape(shape.batch(), shape.height(), shape.width(), shape.channels());
        INDArray[] expected = join(REFERENCE, dense, a, b, gradient);
        assertClose("sum of " + shape, found[0], expected[0]);
        assertClose("gradient of " + shape, found[1], expected[1]);
    }

    private static INDArray[] join(
            KernelLibrary library, ActivationShape shape, INDArray first, INDArray second, INDArray outputGradient) {
        INDArray a = laidOut(first, shape);
        INDArray b = laidOut(second, shape);
        INDArray gradient = laidOut(outputGradient, shape);
        INDArray sum = empty(a.dataType(), shape);
        INDArray sumGradient = empty(a.dataType(), shape);
        try (AddReluKernel kernel = library.addRelu(shape)) {
            kernel.forward(a, b, sum);
            kernel.backward(sum, gradient, sumGradient);
            kernel.forward(a, b, a);
            assertThat(pixels(a)).as("sum in the first summand").isEqualTo(pixels(sum));
            kernel.backward(sum, gradient, gradient);
            assertThat(pixels(gradient)).as("gradient in that of the output").isEqualTo(pixels(sumGradient));
        }
        return new INDArray[] {sum, sumGradient};
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void shuffles_pools_and_concatenations_agree(KernelLibrary library) {
        for (int[] sizes : new int[][] {{24, 32, 216}, {240, 16, 240}, {480, 8, 480}}) {
            ActivationShape input = new ActivationShape(BATCH, sizes[1], sizes[1], sizes[0]);
            PoolShape pool = new PoolShape(input, new Window(3, 2, 1));
            assertMapsAgree(
                    "pool of " + input, REFERENCE.averagePool(pool), library.averagePool(pool), input, pool.output());
            ActivationShape first = pool.output();
            ActivationShape second = new ActivationShape(BATCH, first.height(), first.width(), sizes[2]);
            ActivationShape joined = new ActivationShape(BATCH, first.height(), first.width(), sizes[0] + sizes[2]);
            assertConcatenationsAgree(library, first, second, joined);
        }
        for (int[] sizes : new int[][] {{60, 16}, {120, 8}, {240, 4}}) {
            ActivationShape shape = new ActivationShape(BATCH, sizes[1], sizes[1], sizes[0]);
            assertMapsAgree(
                    "shuffle of " + shape, REFERENCE.shuffle(shape, 3), library.shuffle(shape, 3), shape, shape);
        }
    }

    private static void assertMapsAgree(
            String what,
            FixedMapKernel reference,
            FixedMapKernel kernel,
            ActivationShape input,
            ActivationShape output) {
        INDArray x = random(10, input.nhwc());
        INDArray gradient = random(11, output.nhwc());
        INDArray y = Nd4j.create(DataType.DOUBLE, output.nhwc());
        INDArray xGradient = Nd4j.create(DataType.DOUBLE, input.nhwc());
        INDArray foundY = empty(DataType.FLOAT, output);
        INDArray foundGradient = empty(DataType.FLOAT, input);
        try (reference;
                kernel) {
            reference.forward(x, y);
            reference.backward(gradient, xGradient);
            kernel.forward(laidOut(floats(x), input), foundY);
            kernel.backward(laidOut(floats(gradient), output), foundGradient);
        }
        assertClose("output of the " + what, foundY, y);
        assertClose("gradient of the " + what, foundGradient, xGradient);
    }

    private static void assertConcatenationsAgree(
            KernelLibrary library, ActivationShape first, ActivationShape second, ActivationShape joined) {
        INDArray a = floats(random(12, first.nhwc()));
        INDArray b = floats(random(13, second.nhwc()));
        INDArray together = empty(DataType.FLOAT, joined);
        INDArray aAgain = empty(DataType.FLOAT, first);
        INDArray bAgain = empty(DataType.FLOAT, second);
        try (ConcatKernel kernel = library.concat(first, second, joined)) {
            kernel.forward(laidOut(a, first), laidOut(b, second), together);
            kernel.backward(together, aAgain, bAgain);
        }
        assertThat(pixels(together)).isEqualTo(Nd4j.concat(3, a, b));
        assertThat(pixels(aAgain)).isEqualTo(a);
        assertThat(pixels(bAgain)).isEqualTo(b);
    }

    static Set<ConvolutionShape> convolutions() {
        Set<ConvolutionShape> shapes = new LinkedHashSet<>();
        for (String model : MODELS) {
            for (Reference.ConvolutionLine line : Reference.convolutions(model)) {
                ActivationShape input = new ActivationShape(BATCH, line.in()[1], line.in()[2], line.in()[0]);
                shapes.add(new ConvolutionShape(
                        input, line.out()[0], line.kernel(), line.stride(), line.padding(), line.groups()));
            }
        }
        return shapes;
    }

    static Set<ActivationShape> activations() {
        Set<ActivationShape> shapes = new LinkedHashSet<>();
        convolutions().forEach(convolution -> shapes.add(convolution.output()));
        return shapes;
    }

    private static INDArray random(long seed, long... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        long length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        // Rounded to float, so that both precisions start from the same numbers.
        double[] values =
                random.doubles(length, -1, 1).map(value -> (float) value).toArray();
        return Nd4j.create(values, shape, 'c');
    }

    /** An activation of not-a-number. */
    private static INDArray empty(DataType type, ActivationShape shape) {
        INDArray rows = Nd4j.valueArrayOf(shape.wholeRows().extents(), Double.NaN, type);
        return shape.isDense() ? rows : Nd4j.create(rows.data(), shape.extents(), shape.strides(), 0, 'c');
    }

    private static INDArray laidOut(INDArray pixels, ActivationShape shape) {
        if (shape.planes() == 1) {
            return shape.isDense() ? pixels : empty(pixels.dataType(), shape).assign(pixels);
        }
        long[] ofPlane = shape.plane().nhwc();
        INDArray parts = pixels.reshape('c', ofPlane[0], ofPlane[1], ofPlane[2], shape.planes(), ofPlane[3]);
        return empty(pixels.dataType(), shape).assign(parts.permute(3, 0, 1, 2, 4));
    }

    /** Pixel after pixel, without anything between them. */
    private static INDArray pixels(INDArray activation) {
        if (activation.rank() != 5) {
            return activation.dup('c');
        }
        return activation
                .permute(1, 2, 3, 0, 4)
                .dup('c')
                .reshape('c', ActivationShape.of(activation).nhwc());
    }

    private static INDArray floats(INDArray array) {
        return array.castTo(DataType.FLOAT);
    }

    private static void assertClose(String what, INDArray found, INDArray expected) {
        double error = pixels(found)
                .castTo(DataType.DOUBLE)
                .subi(pixels(expected))
                .norm2Number()
                .doubleValue();
        assertThat(error / pixels(expected).norm2Number().doubleValue())
                .as(what)
                .isLessThan(1e-4);
    }
}
