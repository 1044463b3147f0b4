package org.focaldistill.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.focaldistill.net.Operation.Convolution;
import org.junit.jupiter.api.Test;

class NetworkBuilderTest {
    private final NetworkBuilder net = new NetworkBuilder("images", new FeatureShape(32, 32, 3));

    private Network finished(String last) {
        net.linear("logits", net.globalAveragePool("mean of all", last), 10);
        return net.build();
    }

    @Test
    void shapes_follow_from_the_inputs() {
        net.convolution("conv", net.input(), 8, 3, 2, 1);
        net.averagePool("pool", net.input(), 3, 2, 1);
        net.concatenation("joined", "conv", "pool");
        net.globalAveragePool("mean", "joined");
        net.linear("fc", "mean", 10);
        Network network = net.build();

        assertThat(network.node("conv").output()).isEqualTo(new FeatureShape(16, 16, 8));
        assertThat(network.node("pool").output()).isEqualTo(new FeatureShape(16, 16, 3));
        assertThat(network.node("joined").output()).isEqualTo(new FeatureShape(16, 16, 11));
        assertThat(network.node("mean").output()).isEqualTo(new FeatureShape(1, 1, 11));
        assertThat(network.output()).isEqualTo(network.node("fc"));
        assertThat(network.classes()).isEqualTo(10);
    }

    @Test
    void readers_are_those_of_a_node_and_one_that_reads_it_twice_is_there_twice() {
        net.convolution("conv", net.input(), 8, 3, 1, 1);
        net.addRelu("twice", "conv", "conv");
        net.batchNorm("norm", "conv");
        Network network = finished(net.sum("sum", "norm", "twice"));

        assertThat(network.readers("conv").stream().map(Node::name)).containsExactly("twice", "twice", "norm");
        assertThat(network.readers("images").stream().map(Node::name)).containsExactly("conv");
        assertThat(network.readers("logits")).isEmpty();
    }

    @Test
    void tensors_have_pytorch_s_names_and_shapes() {
        net.uniformConvolution("conv", net.input(), new Convolution(3, 6, 3, 1, 1, 3));
        Network network = finished(net.batchNorm("bn", "conv"));

        assertThat(network.parameters().stream().map(ParameterSpec::name))
                .containsExactly(
                        "conv.weight",
                        "bn.weight",
                        "bn.bias",
                        "bn.running_mean",
                        "bn.running_var",
                        "logits.weight",
                        "logits.bias");
        assertThat(network.parameters().stream().map(ParameterSpec::trained))
                .containsExactly(true, true, true, false, false, true, true);
        assertThat(network.parameters().get(0).shape()).containsExactly(6, 1, 3, 3);
    }

    @Test
    void what_a_network_costs_is_its_weights_and_where_they_are_used() {
        net.uniformConvolution("conv", net.input(), new Convolution(3, 6, 3, 2, 1, 3));
        net.batchNormRelu("bn", "conv");
        net.linear("fc", net.globalAveragePool("mean", "bn"), 10);

        long weights = 6 * 9;
        assertThat(net.build().cost()).isEqualTo(new Cost(weights + 2 * 6 + 6 * 10 + 10, weights * 16 * 16 + 6 * 10));
    }

    @Test
    void what_does_not_fit_is_refused_with_the_node_s_name() {
        net.convolution("conv", net.input(), 8, 3, 2, 1);
        assertThatThrownBy(() -> net.addRelu("sum", "conv", "images"))
                .hasMessageContaining("sum adds what has one shape")
                .hasMessageContaining("height=16");
        assertThatThrownBy(() -> net.concatenation("joined", "conv", "images"))
                .hasMessageContaining("joined joins what has one size");
        assertThatThrownBy(() -> net.linear("fc", "conv", 10)).hasMessageContaining("fc takes a vector");
        assertThatThrownBy(() -> net.shuffle("mixed", "conv", 3))
                .hasMessageContaining("mixed cannot shuffle 8 channels");
        assertThatThrownBy(() -> net.batchNorm("bn", "nowhere")).hasMessage("There is no node nowhere yet");
        assertThatThrownBy(() -> net.uniformConvolution("deep", "conv", new Convolution(4, 4, 1, 1, 0)))
                .hasMessageContaining("deep takes 4 channels")
                .hasMessageContaining("of conv");
        assertThatThrownBy(() -> new Convolution(8, 9, 1, 1, 0, 2))
                .hasMessage("Cannot cut 8 input and 9 output channels into 2 equal groups");
    }

    @Test
    void vectors_and_images_of_one_pixel_are_not_taken_for_each_other() {
        net.convolution("pixel", net.input(), 8, 32, 1, 0);
        net.globalAveragePool("mean", "pixel");
        Network network = net.build();
        assertThat(network.node("pixel").output())
                .isEqualTo(network.node("mean").output());
        assertThatThrownBy(() -> net.linear("fc", "pixel", 10)).hasMessageContaining("fc takes a vector");
        assertThatThrownBy(() -> net.batchNorm("bn", "mean"))
                .hasMessage("bn takes rows and columns, found mean, a vector of 8");
        assertThatThrownBy(() -> net.addRelu("sum", "pixel", "mean"))
                .hasMessageContaining("sum takes rows and columns");
        assertThatThrownBy(() -> net.convolution("conv", "mean", 8, 1, 1, 0)).hasMessageContaining("a vector of 8");
    }

    @Test
    void windows_that_do_not_fit_or_move_are_refused() {
        assertThatThrownBy(() -> net.convolution("large", net.input(), 8, 33, 2, 0))
                .hasMessageContaining("large's Window[size=33")
                .hasMessageContaining("does not fit in");
        assertThatThrownBy(() -> net.averagePool("still", net.input(), 3, 0, 1))
                .hasMessageContaining("a step of at least 1");
        assertThatThrownBy(() -> new Convolution(3, 8, 0, 1, 0)).hasMessageContaining("a size");
    }

    @Test
    void a_network_ends_in_logits_and_has_no_other_end() {
        net.convolution("conv", net.input(), 8, 3, 1, 1);
        assertThatThrownBy(net::build)
                .hasMessageStartingWith("The last node yields the logits, a vector of an image; conv yields");
        net.batchNorm("dead", "conv");
        assertThatThrownBy(() -> finished("conv"))
                .hasMessage("No node reads [dead], and only the last one is the output");
    }

    @Test
    void a_name_is_given_once_and_nodes_stand_behind_what_they_read() {
        net.convolution("conv", net.input(), 8, 3, 1, 1);
        net.convolution("conv", net.input(), 8, 3, 1, 1);
        assertThatThrownBy(() -> finished("conv")).hasMessage("There are two nodes conv");

        Node alone = new Node("bn", new Operation.ImageMean(), List.of("conv"), new FeatureShape(1, 1, 1), List.of());
        assertThatThrownBy(
                        () -> new Network("images", new FeatureShape(1, 1, 1), Normalisation.CIFAR100, List.of(alone)))
                .hasMessageContaining("bn reads [conv], of which not all come before it");
    }
}
