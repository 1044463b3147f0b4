package org.focaldistill.nn.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.focaldistill.net.Network;
import org.focaldistill.net.NetworkBuilder;
import org.focaldistill.net.Operation.Convolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * When a sum takes the place of its first summand, and which array its gradients are in. Float networks run on oneDNN,
 * double ones on ND4J's operations.
 */
class AddReluVertexTest {
    private static final int CHANNELS = 16;
    private static final INDArray LABELS = Nd4j.create(new double[] {0, 1}, new long[] {2, 1}, 'c');

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void training_sums_in_a_norm_that_nothing_else_reads(DataType type) {
        Activations inPlace = train(type, false, false);
        Activations apart = train(type, false, true);

        assertThat(inPlace.place("sum")).isEqualTo(inPlace.place("norm"));
        assertThat(inPlace.values.get("sum")).isEqualTo(apart.values.get("sum"));
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void a_norm_that_something_else_reads_is_kept(DataType type) {
        assertKept(train(type, false, true));
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void a_norm_with_relu_is_kept_for_its_backward_pass(DataType type) {
        assertKept(train(type, true, false));
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void a_caller_who_asks_for_all_activations_gets_them(DataType type) {
        ComputationGraph graph = graph(type, false, false);
        for (boolean training : new boolean[] {false, true}) {
            Activations activations = new Activations();
            activations.onForwardPass(graph, graph.feedForward(images(type), training));
            assertKept(activations);
        }
    }

    /** Rows of 60 channels are longer on oneDNN, which Deeplearning4j's vertices do not see to. */
    @Test
    void sums_take_activations_and_gradients_of_deeplearning4j_s_own_vertices() {
        NetworkBuilder net = Head.ofImages(4, 3);
        net.convolution("a", net.input(), 60, 1, 1, 0);
        net.convolution("b", net.input(), 60, 3, 1, 1);
        net.sum("before", "a", "b");
        net.addRelu("second", "a", "before");
        net.addRelu("first", "before", "second");
        assertSingleIsDouble(Head.on(net, net.sum("behind", "first", "b"), 3));
    }

    /** The branch is the convolution that could add to the array, but reads it. */
    @Test
    void a_convolution_does_not_add_to_the_gradient_that_it_reads() {
        NetworkBuilder net = Head.ofImages(4, 3);
        net.convolution("a", net.input(), 960, 1, 1, 0);
        net.convolution("b", net.input(), 960, 3, 1, 1);
        net.addRelu("shared", "a", "b");
        net.uniformConvolution("branch", "shared", new Convolution(960, 960, 1, 1, 0, 3));
        assertSingleIsDouble(Head.on(net, net.addRelu("sum", "branch", "shared"), 3));
    }

    /** Arrays that last are made for each batch size, and anew when they were freed. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void steps_of_any_size_and_after_a_close_are_those_of_a_new_network(DataType type) {
        Network blocks = blocks(3, false);
        ComputationGraph graph = Head.compile(blocks, type, 3);
        for (int size : new int[] {4, 2, 4}) {
            assertThat(gradient(graph, type, size)).isEqualTo(gradient(Head.compile(blocks, type, 3), type, size));
        }
        GraphKernels.close(graph);
        assertThat(gradient(graph, type, 4)).isEqualTo(gradient(Head.compile(blocks, type, 3), type, 4));
    }

    /** On oneDNN a grouped convolution adds its gradient to the shortcut's, on ND4J's operations Deeplearning4j does. */
    @ParameterizedTest
    @CsvSource({"1, false", "3, false", "1, true", "3, true"})
    void a_branch_and_a_shortcut_both_reach_what_they_share(int groups, boolean anotherReader) {
        assertSingleIsDouble(blocks(groups, anotherReader));
    }

    /** The gradients of a second step, on oneDNN's kernels beside ND4J's. */
    private static void assertSingleIsDouble(Network network) {
        INDArray single = ofSecondStep(Head.compile(network, DataType.FLOAT, 3), DataType.FLOAT);
        INDArray exact = ofSecondStep(Head.compile(network, DataType.DOUBLE, 3), DataType.DOUBLE);
        assertThat(single.distance2(exact))
                .isLessThan(1e-5 * exact.norm2Number().doubleValue());
    }

    private static INDArray ofSecondStep(ComputationGraph graph, DataType type) {
        gradient(graph, type, 2);
        return gradient(graph, type, 2);
    }

    private static INDArray gradient(ComputationGraph graph, DataType type, int images) {
        graph.setInputs(Nd4j.linspace(type, -1, 0.02, images * 4 * 4 * 3L).reshape(images, 4, 4, 3));
        graph.setLabels(Nd4j.zeros(type, images, 1));
        graph.computeGradientAndScore();
        return graph.gradient().gradient().castTo(DataType.DOUBLE);
    }

    /** Two residual blocks that begin with a grouped convolution, and if wanted another one that reads between them. */
    private static Network blocks(int groups, boolean anotherReader) {
        NetworkBuilder net = Head.ofImages(4, 3);
        net.convolution("a", net.input(), 12, 1, 1, 0);
        net.convolution("b", net.input(), 12, 3, 1, 1);
        net.addRelu("0", "a", "b");
        Convolution grouped = new Convolution(12, 12, 1, 1, 0, groups);
        for (int block = 1; block <= 2; block++) {
            String name = String.valueOf(block);
            String shared = String.valueOf(block - 1);
            String branch = net.batchNorm(name + ".norm", net.uniformConvolution(name + ".conv", shared, grouped));
            net.addRelu(name, branch, shared);
        }
        String last = "2";
        if (anotherReader) {
            net.uniformConvolution("other", "1", grouped);
            last = net.addRelu("last", "2", "other");
        }
        return Head.on(net, last, 3);
    }

    private static void assertKept(Activations activations) {
        assertThat(activations.place("sum")).isNotEqualTo(activations.place("norm"));
        INDArray sum = activations.values.get("norm").add(activations.values.get("short"));
        assertThat(activations.values.get("sum")).isEqualTo(Transforms.max(sum, 0));
    }

    private static Activations train(DataType type, boolean relu, boolean anotherReader) {
        ComputationGraph graph = graph(type, relu, anotherReader);
        Activations activations = new Activations();
        graph.setListeners(activations);
        graph.setInputs(images(type));
        graph.setLabels(LABELS.castTo(type));
        graph.computeGradientAndScore();
        return activations;
    }

    /** A residual block with a head, and if wanted a convolution that reads the norm, too. */
    private static ComputationGraph graph(DataType type, boolean relu, boolean anotherReader) {
        NetworkBuilder net = Head.ofImages(4, 3);
        net.convolution("short", net.input(), CHANNELS, 1, 1, 0);
        net.convolution("conv", net.input(), CHANNELS, 3, 1, 1);
        if (relu) {
            net.batchNormRelu("norm", "conv");
        } else {
            net.batchNorm("norm", "conv");
        }
        String last = net.addRelu("sum", "norm", "short");
        if (anotherReader) {
            net.convolution("other", "norm", CHANNELS, 1, 1, 0);
            last = net.addRelu("last", "other", "sum");
        }
        return Head.compile(Head.on(net, last, 3), type, 3);
    }

    private static INDArray images(DataType type) {
        return Nd4j.linspace(type, -1, 0.02, 2 * 4 * 4 * 3).reshape(2, 4, 4, 3);
    }

    /** Where a forward pass put what it computed, and the numbers. */
    private static final class Activations extends BaseTrainingListener {
        private final Map<String, Long> places = new HashMap<>();
        private final Map<String, INDArray> values = new HashMap<>();

        @Override
        public void onForwardPass(Model model, Map<String, INDArray> activations) {
            activations.forEach((name, array) -> {
                places.put(
                        name,
                        array.data().address()
                                + array.data().offset() * array.dataType().width());
                values.put(name, array.dup('c').detach());
            });
        }

        private long place(String name) {
            return places.get(name);
        }
    }
}
