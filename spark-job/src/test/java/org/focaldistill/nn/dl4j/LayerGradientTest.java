package org.focaldistill.nn.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.focaldistill.net.Network;
import org.focaldistill.net.NetworkBuilder;
import org.focaldistill.net.Operation.Convolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Backpropagation through each layer against central finite differences, in double precision. */
class LayerGradientTest {
    private static final int CLASSES = 3;
    private static final double STEP = 1e-5;

    @Test
    void linear_layer() {
        assertGradients(net -> net.input(), 1);
    }

    @Test
    void convolution_with_padding() {
        assertGradients(net -> net.convolution("last", net.input(), 4, 3, 1, 1), 6);
    }

    @Test
    void strided_convolutions_of_both_kernels_in_sequence() {
        assertGradients(
                net -> net.convolution("last", net.convolution("first", net.input(), 4, 3, 2, 1), 5, 1, 2, 0), 8);
    }

    @Test
    void batch_norm_alone() {
        assertGradients(net -> net.batchNorm("last", net.convolution("first", net.input(), 4, 3, 1, 1)));
    }

    @Test
    void batch_norm_with_relu() {
        assertGradients(net -> net.batchNormRelu("last", net.convolution("first", net.input(), 4, 3, 1, 1)));
    }

    @Test
    void residual_block_whose_input_goes_two_ways() {
        assertGradients(net -> {
            String stem = net.batchNormRelu("bn0", net.convolution("stem", net.input(), 4, 3, 1, 1));
            return residualBlock(net, "2", residualBlock(net, "1", stem));
        });
    }

    @Test
    void sums_whose_inputs_others_read_too() {
        assertGradients(net -> {
            String join1 = residualBlock(net, "1", net.convolution("stem", net.input(), 4, 3, 1, 1));
            String fromBranch = net.convolution("fromBranch", "bn1", 4, 1, 1, 0);
            String fromImages = net.convolution("fromImages", net.input(), 4, 1, 1, 0);
            String join2 = net.addRelu("join2", fromImages, join1);
            String fromJoin = net.convolution("fromJoin", join1, 4, 1, 1, 0);
            String join3 = net.addRelu("join3", fromBranch, fromJoin);
            return net.addRelu("last", join2, join3);
        });
    }

    @Test
    void two_residual_blocks_on_one_sum() {
        assertGradients(net -> {
            String stem = net.convolution("stem", net.input(), 4, 3, 1, 1);
            String other = net.convolution("other", net.input(), 4, 1, 1, 0);
            String shared = net.addRelu("shared", stem, other);
            return net.addRelu("last", residualBlock(net, "1", shared), residualBlock(net, "2", shared));
        });
    }

    private static String residualBlock(NetworkBuilder net, String name, String shared) {
        String branch = net.batchNorm("bn" + name, net.convolution("conv" + name, shared, 4, 3, 1, 1));
        return net.addRelu("join" + name, branch, shared);
    }

    @Test
    void residual_branch_of_one_convolution_beside_another() {
        assertGradients(net -> {
            String stem = net.convolution("stem", net.input(), 4, 3, 1, 1);
            String conv = net.convolution("conv", stem, 4, 1, 1, 0);
            String other = net.convolution("other", stem, 4, 1, 1, 0);
            return net.addRelu("last", net.addRelu("join", conv, stem), other);
        });
    }

    @Test
    void images_that_a_convolution_and_another_node_read() {
        assertGradients(net -> {
            String conv = net.convolution("conv", net.input(), 3, 3, 1, 1);
            return net.concatenation("last", net.addRelu("sum", conv, net.input()), net.input());
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_summand_that_a_node_before_the_sum_reads_too(boolean theSecond) {
        assertGradients(net -> {
            String other = net.batchNorm("other", net.convolution("stem", net.input(), 4, 3, 1, 1));
            String read = net.batchNorm("read", net.convolution("stem2", net.input(), 4, 1, 1, 0));
            String reader = net.convolution("reader", read, 4, 3, 1, 1);
            String join = theSecond ? net.addRelu("join", other, read) : net.addRelu("join", read, other);
            return net.addRelu("last", join, reader);
        });
    }

    @Test
    void a_sum_of_one_activation_twice() {
        assertGradients(net -> {
            String norm = net.batchNorm("norm", net.convolution("stem", net.input(), 4, 3, 1, 1));
            return net.addRelu("last", norm, norm);
        });
    }

    @Test
    void grouped_and_depthwise_convolutions_with_a_shuffle_between() {
        assertGradients(
                net -> {
                    String stem = net.uniformConvolution("stem", net.input(), new Convolution(3, 6, 1, 1, 0));
                    String grouped = net.uniformConvolution("grouped", stem, new Convolution(6, 12, 1, 1, 0, 3));
                    String mixed = net.shuffle("shuffle", grouped, 3);
                    String depthwise = net.uniformConvolution("depthwise", mixed, new Convolution(12, 12, 3, 2, 1, 12));
                    return net.uniformConvolution("last", depthwise, new Convolution(12, 6, 1, 1, 0, 3));
                },
                6);
    }

    @Test
    void average_pooling_beside_a_convolution() {
        assertGradients(
                net -> {
                    String stem = net.convolution("stem", net.input(), 4, 3, 1, 1);
                    String conv = net.convolution("conv", stem, 2, 3, 2, 1);
                    return net.concatenation("last", conv, net.averagePool("pool3", stem, 3, 2, 1));
                },
                6);
    }

    @Test
    void sum_without_relu() {
        assertGradients(net -> {
            String stem = net.convolution("stem", net.input(), 4, 3, 1, 1);
            String conv = net.convolution("conv", net.batchNormRelu("bn", stem), 4, 3, 1, 1);
            return net.sum("last", conv, stem);
        });
    }

    private interface Body {
        /** Adds nodes, and returns the last one. */
        String addTo(NetworkBuilder net);
    }

    /** On images of 4 x 4 pixels. */
    private static void assertGradients(Body body) {
        assertGradients(body, 4);
    }

    private static void assertGradients(Body body, int size) {
        NetworkBuilder net = Head.ofImages(size, 3);
        Network network = Head.on(net, body.addTo(net), CLASSES);
        ComputationGraph graph = Head.compile(network, DataType.DOUBLE, 3);
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
