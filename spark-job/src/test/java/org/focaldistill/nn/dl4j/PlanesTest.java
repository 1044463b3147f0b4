package org.focaldistill.nn.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.focaldistill.net.Network;
import org.focaldistill.net.NetworkBuilder;
import org.focaldistill.net.Node;
import org.focaldistill.net.Operation.Convolution;
import org.focaldistill.zoo.Architecture;
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
        ComputationGraph network = Head.compile(network(), DataType.FLOAT, 3);
        Map<String, long[]> large = shapes(network, IMAGES);
        assertThat(large.get("norm1")).containsExactly(GROUPS, IMAGES, 32, 32, WIDE / GROUPS);
        assertThat(large.get("concat")).containsExactly(GROUPS, IMAGES, 32, 32, 2 * WIDE / GROUPS);
        assertThat(large.get("sum")).isEqualTo(large.get("concat"));
        assertThat(large.get("narrow")).containsExactly(IMAGES, 32, 32, WIDE / 4);
        Map<String, long[]> small = shapes(network, 4);
        assertThat(small.get("norm1")).containsExactly(4, 32, 32, WIDE);
        assertThat(small.get("sum")).containsExactly(4, 32, 32, 2 * WIDE);
    }

    /** Double networks run on ND4J's operations, which know no planes. */
    @Test
    void planes_change_neither_loss_nor_gradients_nor_evaluation() {
        ComputationGraph apart = Head.compile(network(), DataType.FLOAT, 3);
        ComputationGraph together = Head.compile(network(), DataType.DOUBLE, 3);
        together.setParams(apart.params().castTo(DataType.DOUBLE));
        for (ComputationGraph network : new ComputationGraph[] {apart, together}) {
            DataType type = network.getConfiguration().getDataType();
            network.setInputs(images(IMAGES).castTo(type));
            network.setLabels(Nd4j.zeros(type, IMAGES, 1));
            network.computeGradientAndScore();
        }
        assertThat(apart.score()).isCloseTo(together.score(), within(1e-5));
        assertClose(apart.gradient().gradient(), together.gradient().gradient());
        assertClose(apart.params(), together.params());
        assertClose(
                apart.outputSingle(images(IMAGES)),
                together.outputSingle(images(IMAGES).castTo(DataType.DOUBLE)));
    }

    @Test
    void nothing_lies_in_planes_that_a_shuffle_reads() {
        NetworkBuilder net = Head.ofImages(32, 3);
        grouped(net, "conv", net.input(), WIDE);
        net.shuffle("shuffle", net.batchNorm("norm", "conv"), GROUPS);
        assertThat(planes(net, "shuffle", "conv")).isEqualTo(1);
    }

    @Test
    void nothing_lies_in_planes_that_is_added_to_pixels_with_all_their_channels() {
        NetworkBuilder net = Head.ofImages(32, 3);
        grouped(net, "apart", net.input(), WIDE);
        net.convolution("together", net.input(), WIDE, 1, 1, 0);
        net.addRelu("sum", "apart", "together");
        assertThat(planes(net, "sum", "apart")).isEqualTo(1);
    }

    @Test
    void a_pooled_activation_may_be_joined_but_not_added_to_one_of_its_own_size() {
        NetworkBuilder joining = pooledAndJoined();
        assertThat(planes(joining, "joined", "large")).isEqualTo(GROUPS);

        NetworkBuilder adding = pooledAndJoined();
        grouped(adding, "small", "joined", WIDE);
        adding.addRelu("added", "small", "pooled");
        Network network = Head.on(adding, "added", 2);
        Layouts layouts = Layouts.of(network);
        assertThat(layouts.of(network.node("large")).planes()).isEqualTo(1);
        assertThat(layouts.of(network.node("small")).planes()).isEqualTo(1);
    }

    private static NetworkBuilder pooledAndJoined() {
        NetworkBuilder net = Head.ofImages(32, 3);
        grouped(net, "large", net.input(), WIDE);
        net.averagePool("pooled", "large", 3, 2, 1);
        net.uniformConvolution("reduced", net.input(), new Convolution(3, WIDE, 3, 2, 1));
        net.concatenation("joined", "pooled", "reduced");
        return net;
    }

    @Test
    void nothing_lies_in_planes_whose_mean_is_added_to_the_images() {
        NetworkBuilder net = Head.ofImages(32, 3);
        grouped(net, "conv", net.input(), 3);
        net.averagePool("mean", "conv", 3, 1, 1);
        net.addRelu("sum", "mean", net.input());
        assertThat(planes(net, "sum", "conv")).isEqualTo(1);
    }

    /** A plain sum runs on a vertex of Deeplearning4j's, which takes no planes; other groups have other planes. */
    @Test
    void nothing_lies_in_planes_that_a_plain_sum_or_a_convolution_in_other_groups_reads() {
        NetworkBuilder net = Head.ofImages(32, 3);
        grouped(net, "a", net.input(), WIDE);
        grouped(net, "b", net.input(), WIDE);
        net.sum("sum", "a", "b");
        assertThat(planes(net, "sum", "a")).isEqualTo(1);

        NetworkBuilder other = Head.ofImages(32, 3);
        grouped(other, "a", other.input(), WIDE);
        other.uniformConvolution("fifths", "a", new Convolution(WIDE, WIDE, 1, 1, 0, 5));
        Network network = Head.on(other, "fifths", 2);
        Layouts layouts = Layouts.of(network);
        assertThat(layouts.of(network.node("a")).planes()).isEqualTo(1);
        assertThat(layouts.of(network.node("fifths")).planes())
                .as("read by a mean alone")
                .isEqualTo(5);
    }

    /** What those convolutions write, and what the concatenations do that begin their stages. */
    @Test
    void of_the_zoo_the_last_convolutions_of_shuffle_nets_branches_and_what_joins_them_lie_in_planes() {
        for (Architecture architecture : Architecture.values()) {
            Network network = architecture.network(100);
            Layouts layouts = Layouts.of(network);
            List<String> inPlanes = network.nodes().stream()
                    .filter(node -> layouts.of(node).planes() > 1)
                    .map(Node::name)
                    .toList();
            List<String> expected = network.nodes().stream()
                    .map(Node::name)
                    .filter(name -> architecture == Architecture.SHUFFLE_V1
                            && (name.endsWith(".conv3") || name.endsWith(".concat")))
                    .toList();
            assertThat(inPlanes).as(architecture.modelName()).isEqualTo(expected);
        }
    }

    private static int planes(NetworkBuilder net, String last, String node) {
        Network network = Head.on(net, last, 2);
        return Layouts.of(network).of(network.node(node)).planes();
    }

    private static String grouped(NetworkBuilder net, String name, String from, int out) {
        return net.uniformConvolution(name, from, new Convolution(net.channels(from), out, 1, 1, 0, GROUPS));
    }

    /** All that may read planes. */
    private static Network network() {
        NetworkBuilder net = Head.ofImages(32, 3);
        net.batchNormRelu("norm1", grouped(net, "stem", net.input(), WIDE));
        net.averagePool("pool1", "norm1", 3, 1, 1);
        net.concatenation("concat", "norm1", "pool1");
        net.batchNormRelu("norm2", grouped(net, "narrow", "concat", WIDE / 4));
        net.batchNorm("norm3", grouped(net, "wide", "norm2", 2 * WIDE));
        return Head.on(net, net.addRelu("sum", "norm3", "concat"), 2);
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
        assertThat(found.castTo(DataType.DOUBLE).distance2(expected))
                .isLessThan(1e-4 * expected.norm2Number().doubleValue());
    }
}
