package org.focaldistill.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
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
        Activations inPlace = train(type, BatchNorm2d.of(CHANNELS), false);
        Activations apart = train(type, BatchNorm2d.of(CHANNELS), true);

        assertThat(inPlace.place("sum")).isEqualTo(inPlace.place("norm"));
        assertThat(inPlace.values.get("sum")).isEqualTo(apart.values.get("sum"));
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void a_norm_that_something_else_reads_is_kept(DataType type) {
        assertKept(train(type, BatchNorm2d.of(CHANNELS), true));
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void a_norm_with_relu_is_kept_for_its_backward_pass(DataType type) {
        assertKept(train(type, BatchNorm2d.withRelu(CHANNELS), false));
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void a_caller_who_asks_for_all_activations_gets_them(DataType type) {
        ComputationGraph graph = graph(type, BatchNorm2d.of(CHANNELS), false);
        for (boolean training : new boolean[] {false, true}) {
            Activations activations = new Activations();
            activations.onForwardPass(graph, graph.feedForward(images(type), training));
            assertKept(activations);
        }
    }

    /** Rows of 60 channels are longer on oneDNN, which Deeplearning4j's vertices do not see to. */
    @Test
    void sums_take_activations_and_gradients_of_deeplearning4j_s_own_vertices() {
        assertSingleIsDouble(type -> {
            GraphBuilder builder = Head.ofImages(3, type)
                    .addLayer("a", new Conv2d(3, 60, 1, 1, 0).asFirstLayer(), "images")
                    .addLayer("b", new Conv2d(3, 60, 3, 1, 1).asFirstLayer(), "images")
                    .addVertex("before", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                    .addVertex("second", new AddRelu(), "a", "before")
                    .addVertex("first", new AddRelu(), "before", "second")
                    .addVertex("behind", new ElementWiseVertex(ElementWiseVertex.Op.Add), "first", "b");
            return graph(builder, "behind", 60);
        });
    }

    /** The branch is the convolution that could add to the array, but reads it, directly or from a vertex that passes it on. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_convolution_does_not_add_to_the_gradient_that_it_reads(boolean passedOn) {
        assertSingleIsDouble(type -> {
            GraphBuilder builder = Head.ofImages(3, type)
                    .addLayer("a", new Conv2d(3, 960, 1, 1, 0).asFirstLayer(), "images")
                    .addLayer("b", new Conv2d(3, 960, 3, 1, 1).asFirstLayer(), "images")
                    .addVertex("shared", new AddRelu(), "a", "b")
                    .addLayer("branch", new Conv2d(960, 960, 1, 1, 0).inGroups(3), "shared")
                    .addVertex("sum", new AddRelu(), passedOn ? "same" : "branch", "shared");
            if (passedOn) {
                builder.addVertex("same", new MergeVertex(), "branch");
            }
            return graph(builder, "sum", 960);
        });
    }

    /** Arrays that last are made for each batch size, and anew when they were freed. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void steps_of_any_size_and_after_a_close_are_those_of_a_new_network(DataType type) {
        ComputationGraph graph = blocks(type, 3, false);
        for (int size : new int[] {4, 2, 4}) {
            assertThat(gradient(graph, type, size)).isEqualTo(gradient(blocks(type, 3, false), type, size));
        }
        Kernels.close(graph);
        assertThat(gradient(graph, type, 4)).isEqualTo(gradient(blocks(type, 3, false), type, 4));
    }

    /** On oneDNN a grouped convolution adds its gradient to the shortcut's, on ND4J's operations Deeplearning4j does. */
    @ParameterizedTest
    @CsvSource({"1, false", "3, false", "1, true", "3, true"})
    void a_branch_and_a_shortcut_both_reach_what_they_share(int groups, boolean anotherReader) {
        assertSingleIsDouble(type -> blocks(type, groups, anotherReader));
    }

    /** The gradients of a second step, on oneDNN's kernels beside ND4J's. */
    private static void assertSingleIsDouble(Function<DataType, ComputationGraph> network) {
        INDArray single = ofSecondStep(network.apply(DataType.FLOAT), DataType.FLOAT);
        INDArray exact = ofSecondStep(network.apply(DataType.DOUBLE), DataType.DOUBLE);
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

    private static ComputationGraph graph(GraphBuilder builder, String last, int features) {
        ComputationGraph graph =
                new ComputationGraph(Head.on(builder, last, features, 3).build());
        graph.init();
        return graph;
    }

    /** Two residual blocks that begin with a grouped convolution, and if wanted another one that reads between them. */
    private static ComputationGraph blocks(DataType type, int groups, boolean anotherReader) {
        GraphBuilder builder = Head.ofImages(3, type)
                .addLayer("a", new Conv2d(3, 12, 1, 1, 0).asFirstLayer(), "images")
                .addLayer("b", new Conv2d(3, 12, 3, 1, 1).asFirstLayer(), "images")
                .addVertex("0", new AddRelu(), "a", "b");
        for (int block = 1; block <= 2; block++) {
            String name = String.valueOf(block);
            String shared = String.valueOf(block - 1);
            builder.addLayer(name + ".conv", new Conv2d(12, 12, 1, 1, 0).inGroups(groups), shared)
                    .addLayer(name + ".norm", BatchNorm2d.of(12), name + ".conv")
                    .addVertex(name, new AddRelu(), name + ".norm", shared);
        }
        String last = "2";
        if (anotherReader) {
            builder.addLayer("other", new Conv2d(12, 12, 1, 1, 0).inGroups(groups), "1")
                    .addVertex("last", new AddRelu(), "2", "other");
            last = "last";
        }
        return graph(builder, last, 12);
    }

    private static void assertKept(Activations activations) {
        assertThat(activations.place("sum")).isNotEqualTo(activations.place("norm"));
        INDArray sum = activations.values.get("norm").add(activations.values.get("short"));
        assertThat(activations.values.get("sum")).isEqualTo(Transforms.max(sum, 0));
    }

    private static Activations train(DataType type, BatchNorm2d norm, boolean anotherReader) {
        ComputationGraph graph = graph(type, norm, anotherReader);
        Activations activations = new Activations();
        graph.setListeners(activations);
        graph.setInputs(images(type));
        graph.setLabels(LABELS.castTo(type));
        graph.computeGradientAndScore();
        return activations;
    }

    /** A residual block with a head, and if wanted a convolution that reads the norm, too. */
    private static ComputationGraph graph(DataType type, BatchNorm2d norm, boolean anotherReader) {
        GraphBuilder builder = Head.ofImages(3, type)
                .addLayer("short", new Conv2d(3, CHANNELS, 1, 1, 0).asFirstLayer(), "images")
                .addLayer("conv", new Conv2d(3, CHANNELS, 3, 1, 1).asFirstLayer(), "images")
                .addLayer("norm", norm, "conv")
                .addVertex("sum", new AddRelu(), "norm", "short");
        String last = "sum";
        if (anotherReader) {
            builder.addLayer("other", new Conv2d(CHANNELS, CHANNELS, 1, 1, 0), "norm")
                    .addVertex("last", new AddRelu(), "other", "sum");
            last = "last";
        }
        return graph(builder, last, CHANNELS);
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
