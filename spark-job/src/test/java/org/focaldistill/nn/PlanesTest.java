package org.focaldistill.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Networks of grouped convolutions whose large activations lie in planes, beside the same ones pixel after pixel. */
class PlanesTest {
    private static final int IMAGES = 48;
    private static final int GROUPS = 3;
    private static final int WIDE = 60;

    @Test
    void large_activations_of_groups_lie_in_planes_and_small_ones_do_not() {
        ComputationGraph network = network(true);
        Map<String, long[]> large = shapes(network, IMAGES);
        assertThat(large.get("norm1")).containsExactly(GROUPS, IMAGES, 32, 32, WIDE / GROUPS);
        assertThat(large.get("concat")).containsExactly(GROUPS, IMAGES, 32, 32, 2 * WIDE / GROUPS);
        assertThat(large.get("sum")).isEqualTo(large.get("concat"));
        assertThat(large.get("narrow")).containsExactly(IMAGES, 32, 32, WIDE / 4);
        Map<String, long[]> small = shapes(network, 4);
        assertThat(small.get("norm1")).containsExactly(4, 32, 32, WIDE);
        assertThat(small.get("sum")).containsExactly(4, 32, 32, 2 * WIDE);
    }

    @Test
    void planes_change_neither_loss_nor_gradients_nor_evaluation() {
        ComputationGraph apart = network(true);
        ComputationGraph together = network(false);
        together.setParams(apart.params());
        for (ComputationGraph network : new ComputationGraph[] {apart, together}) {
            network.setInputs(images(IMAGES));
            network.setLabels(Nd4j.zeros(DataType.FLOAT, IMAGES, 1));
            network.computeGradientAndScore();
        }
        assertThat(apart.score()).isCloseTo(together.score(), within(1e-5));
        assertClose(apart.gradient().gradient(), together.gradient().gradient());
        assertClose(apart.params(), together.params());
        assertClose(apart.outputSingle(images(IMAGES)), together.outputSingle(images(IMAGES)));
    }

    @Test
    void a_layer_that_takes_no_planes_says_so() {
        GraphBuilder graph = Head.ofImages(3, DataType.FLOAT)
                .addLayer("conv", grouped(GROUPS, WIDE, true), "images")
                .addLayer("shuffle", new ChannelShuffle(GROUPS), "conv");
        ComputationGraph network =
                new ComputationGraph(Head.on(graph, "shuffle", WIDE, 2).build());
        network.init();
        assertThatThrownBy(() -> network.output(images(IMAGES)))
                .hasStackTraceContaining("shuffle takes no activation in planes");
    }

    @Test
    void a_sum_of_planes_and_pixels_says_so() {
        GraphBuilder graph = Head.ofImages(3, DataType.FLOAT)
                .addLayer("apart", grouped(GROUPS, WIDE, true), "images")
                .addLayer("together", grouped(GROUPS, WIDE, false), "images")
                .addVertex("sum", new AddRelu(), "apart", "together");
        ComputationGraph network =
                new ComputationGraph(Head.on(graph, "sum", WIDE, 2).build());
        network.init();
        assertThatThrownBy(() -> network.output(images(IMAGES)))
                .hasStackTraceContaining("lie in planes all or none (withOutputInPlanes)");
    }

    private static Conv2d grouped(int in, int out, boolean apart) {
        Conv2d convolution = new Conv2d(in, out, 1, 1, 0).inGroups(GROUPS);
        return apart ? convolution.withOutputInPlanes() : convolution;
    }

    /** All that may read planes. */
    private static ComputationGraph network(boolean apart) {
        GraphBuilder graph = Head.ofImages(3, DataType.FLOAT)
                .addLayer("stem", grouped(3, WIDE, apart), "images")
                .addLayer("norm1", BatchNorm2d.withRelu(WIDE), "stem")
                .addLayer("pool1", new AveragePool2d(3, 1, 1), "norm1")
                .addVertex("concat", new ConcatChannels().withOutputInPlanes(apart ? GROUPS : 1), "norm1", "pool1")
                .addLayer("narrow", grouped(2 * WIDE, WIDE / 4, false), "concat")
                .addLayer("norm2", BatchNorm2d.withRelu(WIDE / 4), "narrow")
                .addLayer("wide", grouped(WIDE / 4, 2 * WIDE, apart), "norm2")
                .addLayer("norm3", BatchNorm2d.of(2 * WIDE), "wide")
                .addVertex("sum", new AddRelu(), "norm3", "concat");
        // Through JSON, as a configuration travels in Deeplearning4j's files and on Spark.
        String json = Head.on(graph, "sum", 2 * WIDE, 2).build().toJson();
        ComputationGraph network = new ComputationGraph(ComputationGraphConfiguration.fromJson(json));
        network.init();
        return network;
    }

    private static INDArray images(int count) {
        return Nd4j.linspace(DataType.FLOAT, -1, 1e-5, (long) count * 32 * 32 * 3)
                .muli(40)
                .reshape(count, 32, 32, 3);
    }

    private static Map<String, long[]> shapes(ComputationGraph network, int count) {
        Map<String, long[]> shapes = new HashMap<>();
        network.setListeners(new BaseTrainingListener() {
            @Override
            public void onForwardPass(Model model, Map<String, INDArray> activations) {
                activations.forEach((name, array) -> shapes.put(name, array.shape()));
            }
        });
        network.setInputs(images(count));
        network.setLabels(Nd4j.zeros(DataType.FLOAT, count, 1));
        network.computeGradientAndScore();
        network.setListeners();
        return shapes;
    }

    private static void assertClose(INDArray found, INDArray expected) {
        assertThat(found.distance2(expected))
                .isLessThan(1e-4 * expected.norm2Number().doubleValue());
    }
}
