package org.focaldistill.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Backpropagation through each layer against central finite differences, in double precision. */
class LayerGradientTest {
    private static final int CLASSES = 3;
    private static final double STEP = 1e-5;

    @Test
    void linear_layer() {
        assertGradients(graph -> {}, "images", 3, 1);
    }

    @Test
    void convolution_with_padding() {
        assertGradients(g -> g.addLayer("last", new Conv2d(3, 4, 3, 1, 1), "images"), "last", 4, 6);
    }

    @Test
    void strided_convolutions_of_both_kernels_in_sequence() {
        assertGradients(
                g -> g.addLayer("first", new Conv2d(3, 4, 3, 2, 1), "images")
                        .addLayer("last", new Conv2d(4, 5, 1, 2, 0), "first"),
                "last",
                5,
                8);
    }

    @Test
    void first_layer_has_the_same_weight_gradient_without_an_input_gradient() {
        assertGradients(g -> g.addLayer("last", new Conv2d(3, 4, 3, 1, 1).asFirstLayer(), "images"), "last", 4, 6);
    }

    @Test
    void batch_norm_alone() {
        assertGradients(g ->
                g.addLayer("first", new Conv2d(3, 4, 3, 1, 1), "images").addLayer("last", BatchNorm2d.of(4), "first"));
    }

    @Test
    void batch_norm_with_relu() {
        assertGradients(g -> g.addLayer("first", new Conv2d(3, 4, 3, 1, 1), "images")
                .addLayer("last", BatchNorm2d.withRelu(4), "first"));
    }

    @Test
    void residual_block_whose_input_goes_two_ways() {
        assertGradients(g -> {
            g.addLayer("stem", new Conv2d(3, 4, 3, 1, 1), "images").addLayer("bn0", BatchNorm2d.withRelu(4), "stem");
            residualBlock(g, "1", "bn0", "join1");
            residualBlock(g, "2", "join1", "last");
        });
    }

    @Test
    void sums_whose_inputs_others_read_too() {
        assertGradients(g -> {
            g.addLayer("stem", new Conv2d(3, 4, 3, 1, 1), "images");
            residualBlock(g, "1", "stem", "join1");
            g.addLayer("fromBranch", new Conv2d(4, 4, 1, 1, 0), "bn1")
                    .addLayer("fromImages", new Conv2d(3, 4, 1, 1, 0), "images")
                    .addVertex("join2", new AddRelu(), "fromImages", "join1")
                    .addLayer("fromJoin", new Conv2d(4, 4, 1, 1, 0), "join1")
                    .addVertex("join3", new AddRelu(), "fromBranch", "fromJoin")
                    .addVertex("last", new AddRelu(), "join2", "join3");
        });
    }

    @Test
    void two_residual_blocks_on_one_sum() {
        assertGradients(g -> {
            g.addLayer("stem", new Conv2d(3, 4, 3, 1, 1), "images")
                    .addLayer("other", new Conv2d(3, 4, 1, 1, 0), "images")
                    .addVertex("shared", new AddRelu(), "stem", "other");
            residualBlock(g, "1", "shared", "join1");
            residualBlock(g, "2", "shared", "join2");
            g.addVertex("last", new AddRelu(), "join1", "join2");
        });
    }

    private static void residualBlock(GraphBuilder graph, String name, String shared, String sum) {
        graph.addLayer("conv" + name, new Conv2d(4, 4, 3, 1, 1), shared)
                .addLayer("bn" + name, BatchNorm2d.of(4), "conv" + name)
                .addVertex(sum, new AddRelu(), "bn" + name, shared);
    }

    @Test
    void residual_branch_of_one_convolution_beside_another() {
        assertGradients(g -> g.addLayer("stem", new Conv2d(3, 4, 3, 1, 1), "images")
                .addLayer("conv", new Conv2d(4, 4, 1, 1, 0), "stem")
                .addLayer("other", new Conv2d(4, 4, 1, 1, 0), "stem")
                .addVertex("join", new AddRelu(), "conv", "stem")
                .addVertex("last", new AddRelu(), "join", "other"));
    }

    @Test
    void grouped_and_depthwise_convolutions_with_a_shuffle_between() {
        assertGradients(
                g -> g.addLayer("stem", new Conv2d(3, 6, 1, 1, 0).startingUniform(), "images")
                        .addLayer("grouped", new Conv2d(6, 12, 1, 1, 0).inGroups(3), "stem")
                        .addLayer("shuffle", new ChannelShuffle(3), "grouped")
                        .addLayer("depthwise", new Conv2d(12, 12, 3, 2, 1).inGroups(12), "shuffle")
                        .addLayer("last", new Conv2d(12, 6, 1, 1, 0).inGroups(3), "depthwise"),
                "last",
                6,
                6);
    }

    @Test
    void average_pooling_beside_a_convolution() {
        assertGradients(
                g -> g.addLayer("stem", new Conv2d(3, 4, 3, 1, 1), "images")
                        .addLayer("conv", new Conv2d(4, 2, 3, 2, 1), "stem")
                        .addLayer("pool3", new AveragePool2d(3, 2, 1), "stem")
                        .addVertex("last", new ConcatChannels(), "conv", "pool3"),
                "last",
                6,
                6);
    }

    @Test
    void sum_without_relu() {
        assertGradients(g -> g.addLayer("stem", new Conv2d(3, 4, 3, 1, 1), "images")
                .addLayer("bn", BatchNorm2d.withRelu(4), "stem")
                .addLayer("conv", new Conv2d(4, 4, 3, 1, 1), "bn")
                .addVertex("last", new ElementWiseVertex(ElementWiseVertex.Op.Add), "conv", "stem"));
    }

    private interface Body {
        void addTo(GraphBuilder graph);
    }

    /** Of a body that ends in 4 x 4 pixels of 4 channels, if all its strides are 1. */
    private static void assertGradients(Body body) {
        assertGradients(body, "last", 4, 4);
    }

    private static void assertGradients(Body body, String last, int features, int size) {
        ComputationGraph graph = graph(body, last, features);
        INDArray images = random(new SplittableRandom(1), 3, size, size, 3);
        INDArray labels = Nd4j.create(new double[] {0, 1, 2}, new long[] {3, 1}, 'c');
        graph.setInputs(images);
        graph.setLabels(labels);
        graph.computeGradientAndScore();
        INDArray gradient = graph.gradient().gradient().dup();
        INDArray parameters = graph.params();
        SplittableRandom pick = new SplittableRandom(2);
        for (int n = 0; n < 60; n++) {
            long i = pick.nextLong(parameters.length());
            double expected = finiteDifference(graph, parameters, i);
            assertThat(gradient.getDouble(i)).as("parameter " + i).isCloseTo(expected, within(1e-7));
        }
        assertThat(gradient.norm2Number().doubleValue()).isGreaterThan(1e-3);
    }

    private static ComputationGraph graph(Body body, String last, int features) {
        GraphBuilder builder = Head.ofImages(3, DataType.DOUBLE);
        body.addTo(builder);
        Head.on(builder, last, features, CLASSES);
        // Through JSON, as a configuration travels in Deeplearning4j's files and on Spark.
        ComputationGraph graph = new ComputationGraph(
                ComputationGraphConfiguration.fromJson(builder.build().toJson()));
        graph.init();
        return graph;
    }

    private static double finiteDifference(ComputationGraph graph, INDArray parameters, long i) {
        double value = parameters.getDouble(i);
        // Running statistics do not count in training mode; their difference and their gradient are zero.
        double above = score(graph, parameters, i, value + STEP);
        double below = score(graph, parameters, i, value - STEP);
        parameters.putScalar(i, value);
        return (above - below) / (2 * STEP);
    }

    private static double score(ComputationGraph graph, INDArray parameters, long i, double value) {
        parameters.putScalar(i, value);
        graph.computeGradientAndScore();
        return graph.score();
    }

    private static INDArray random(SplittableRandom random, long... shape) {
        INDArray array = Nd4j.create(DataType.DOUBLE, shape);
        for (long i = 0; i < array.length(); i++) {
            array.data().put(i, random.nextDouble(-1, 1));
        }
        return array;
    }
}
