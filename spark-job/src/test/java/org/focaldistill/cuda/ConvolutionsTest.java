package org.focaldistill.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.focaldistill.cuda.driver.CardMemory;
import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.FeatureShape;
import org.focaldistill.net.Network;
import org.focaldistill.net.Node;
import org.focaldistill.net.Operation.Convolution;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.Test;

/** Each convolution of the zoo, and its two gradients, on the card's stand-in beside sums of doubles. Prints the largest errors. */
class ConvolutionsTest {
    /** The stand-in makes tensor cores' products one by one. */
    private static final long MOST_FOR_TENSOR_CORES = 3_000_000;

    private final Random random = new Random(7);
    private final Map<String, Double> largest = new LinkedHashMap<>();

    private record Shape(Convolution convolution, FeatureShape in, FeatureShape out) {
        long products() {
            return (long) convolution.fanIn() * out.channels() * out.height() * out.width();
        }

        /** Where a channel of a pixel of one image lies. */
        private static int at(FeatureShape shape, int y, int x, int channel) {
            return (y * shape.width() + x) * shape.channels() + channel;
        }

        private interface Term {
            void add(int input, int weight, int output);
        }

        /** All products that a convolution is the sums of, by the indices of their factors and of what they go into. */
        void forEach(Term term) {
            int kernel = convolution.kernel();
            int ofGroup = in.channels() / convolution.groups();
            int outOfGroup = out.channels() / convolution.groups();
            for (int pixel = 0; pixel < out.height() * out.width(); pixel++) {
                for (int element = 0; element < kernel * kernel; element++) {
                    int y = pixel / out.width() * convolution.stride() - convolution.padding() + element / kernel;
                    int x = pixel % out.width() * convolution.stride() - convolution.padding() + element % kernel;
                    if (y < 0 || y >= in.height() || x < 0 || x >= in.width()) {
                        continue;
                    }
                    for (int to = 0; to < out.channels(); to++) {
                        for (int from = 0; from < ofGroup; from++) {
                            term.add(
                                    at(in, y, x, to / outOfGroup * ofGroup + from),
                                    (element * ofGroup + from) * out.channels() + to,
                                    pixel * out.channels() + to);
                        }
                    }
                }
            }
        }
    }

    private static Set<Shape> shapes() {
        Set<Shape> shapes = new LinkedHashSet<>();
        for (Architecture architecture : Architecture.values()) {
            Network network = architecture.network(100);
            Map<String, FeatureShape> outputs = new LinkedHashMap<>(Map.of(network.input(), network.images()));
            for (Node node : network.nodes()) {
                outputs.put(node.name(), node.output());
                if (node.operation() instanceof Convolution convolution) {
                    shapes.add(new Shape(convolution, outputs.get(node.input()), node.output()));
                }
            }
        }
        return shapes;
    }

    @Test
    void every_convolution_of_the_zoo_and_its_gradients_are_sums_of_doubles_to_float_s_precision() throws Exception {
        Set<Shape> shapes = shapes();
        assertThat(shapes).hasSizeGreaterThan(30);
        for (Shape shape : shapes) {
            check(shape, Numerics.FP32);
        }
        System.out.println(shapes.size() + " shapes; largest errors as a part of the largest value: " + text());
        assertThat(largest.values()).allSatisfy(error -> assertThat(error).isBetween(1e-9, 4e-6));
    }

    @Test
    void in_tf32_they_are_to_tf32_s() throws Exception {
        for (Shape shape : shapes()) {
            if (shape.products() <= MOST_FOR_TENSOR_CORES) {
                check(shape, Numerics.TF32);
            }
        }
        System.out.println("largest errors as a part of the largest value: " + text());
        assertThat(largest.values()).allSatisfy(error -> assertThat(error).isBetween(1e-5, 1e-3));
    }

    /** Of factors that are bfloat16s already: only maps are rounded, weights' gradients are floats. */
    @Test
    void in_bf16_they_are_those_of_rounded_factors_and_maps_are_rounded_once() throws Exception {
        for (Shape shape : shapes()) {
            if (shape.products() <= MOST_FOR_TENSOR_CORES) {
                check(shape, Numerics.BF16);
            }
        }
        System.out.println("largest errors as a part of the largest value: " + text());
        double halfAStep = 1 / 256.0;
        assertThat(largest.get("convolution_bf16")).isBetween(halfAStep / 4, halfAStep);
        assertThat(largest.get("convolution_bf16_input_gradient")).isBetween(halfAStep / 4, halfAStep);
        assertThat(largest.get("convolution_bf16_weight_gradient")).isBetween(1e-9, 4e-6);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        largest.forEach((kernel, error) -> text.append(String.format(Locale.ROOT, "%n%-40s %.1e", kernel, error)));
        return text.toString();
    }

    private void check(Shape shape, Numerics numerics) throws NoCardException {
        float[] input =
                gaussian(shape.in().height() * shape.in().width() * shape.in().channels(), 1);
        float[] weights = gaussian(
                shape.convolution().fanIn() * shape.out().channels(),
                1 / Math.sqrt(shape.convolution().fanIn()));
        float[] gradient = gaussian(
                shape.out().height() * shape.out().width() * shape.out().channels(), 1);
        if (numerics == Numerics.BF16) {
            List.of(input, weights, gradient).forEach(Maps::round);
        }
        double[] output = new double[gradient.length];
        double[] ofInput = new double[input.length];
        double[] ofWeights = new double[weights.length];
        shape.forEach((i, w, o) -> {
            output[o] += (double) input[i] * weights[w];
            ofInput[i] += (double) gradient[o] * weights[w];
            ofWeights[w] += (double) gradient[o] * input[i];
        });
        String name = numerics.convolution();
        Found found = compute(shape, numerics, input, weights, gradient);
        note(name, found.output, output);
        note(name + "_input_gradient", found.ofInput, ofInput);
        note(name + "_weight_gradient", found.ofWeights, ofWeights);
    }

    private float[] gaussian(int length, double deviation) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return values;
    }

    private record Found(float[] output, float[] ofInput, float[] ofWeights) {}

    private static Found compute(Shape shape, Numerics numerics, float[] input, float[] weights, float[] gradient)
            throws NoCardException {
        ArenaLayout layout = new ArenaLayout();
        Convolutions kernels = new Convolutions(shape.convolution(), shape.in(), shape.out(), 1, numerics);
        long in = layout.floats(input.length);
        long w = layout.floats(weights.length);
        long out = layout.floats(gradient.length);
        long g = layout.floats(gradient.length);
        long gIn = layout.floats(input.length);
        long gW = layout.floats(weights.length);
        long parts = layout.floats((long) weights.length * kernels.parts());
        try (CardFixture fixture = new CardFixture();
                StepKernels loaded = new StepKernels(fixture.card, fixture.stream);
                CardMemory arena = fixture.card.allocate(layout.size());
                Arenas alone = new Arenas(fixture.card, fixture.stream, arena)) {
            loaded.load(numerics);
            Head.Epoch oneImage = new Head.Epoch(0, 0, Head.Taught.NOT, 1, 1, 0);
            fixture.stream.upload(
                    new Head(
                                    new Head.Images(0, 0),
                                    oneImage,
                                    LossSettings.of(LossWeights.CROSS_ENTROPY),
                                    new Head.Update(0, 0, 0))
                            .bytes(),
                    arena,
                    0);
            Maps maps = new Maps(fixture.stream, numerics.maps(), arena);
            maps.upload(input, in);
            fixture.stream.upload(weights, arena, w);
            maps.upload(gradient, g);
            Work work = new Work(loaded, fixture.stream, alone);
            Reading reading = Reading.plain(in, numerics.maps(), shape.in());
            Convolutions.Gradient own = new Convolutions.Gradient(g, Reading.NONE, Reading.NONE);
            kernels.forward(work, reading, w, out, Reading.NONE);
            kernels.inputGradient(work, own, w, gIn, false);
            kernels.weightGradient(work, reading, own, parts, gW);
            return new Found(
                    maps.download(out, gradient.length),
                    maps.download(gIn, input.length),
                    fixture.stream.floats(arena, gW, weights.length));
        }
    }

    private void note(String kernel, float[] found, double[] expected) {
        double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        double furthest = 0;
        for (int i = 0; i < expected.length; i++) {
            // A NaN is further than all.
            double error = Math.abs(found[i] - expected[i]) / scale;
            furthest = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(furthest, error);
        }
        largest.merge(kernel, furthest, Math::max);
    }
}
