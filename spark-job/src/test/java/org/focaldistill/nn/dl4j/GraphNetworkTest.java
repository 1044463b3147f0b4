package org.focaldistill.nn.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.Network;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.testing.Reference;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

/** Tensors in and out of a network on Deeplearning4j. */
class GraphNetworkTest {
    private static final int CLASSES = 100;

    @ParameterizedTest
    @EnumSource
    void a_network_goes_through_a_model_file_bit_by_bit(Architecture architecture) throws Exception {
        GraphNetwork written = network(architecture, 1);
        byte[] file = new Safetensors(written.tensors(), Map.of()).toBytes();
        GraphNetwork other = network(architecture, 2);
        assertThat(other.graph().params()).isNotEqualTo(written.graph().params());

        other.load(Safetensors.parse(file, "test").tensors(), "test");

        assertThat(other.graph().params().data().asFloat())
                .isEqualTo(written.graph().params().data().asFloat());
    }

    @Test
    void tensors_have_the_names_and_shapes_of_the_pytorch_zoo() {
        Map<String, Tensor> tensors = network(Architecture.RESNET20, 1).tensors();
        List<Reference.TensorLine> expected = Reference.stateDict("resnet20").stream()
                .filter(line -> !line.isCounter())
                .toList();
        assertThat(tensors.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().map(Reference.TensorLine::name).toList());
        for (Reference.TensorLine line : expected) {
            assertThat(tensors.get(line.name()).shape()).as(line.name()).isEqualTo(line.shape());
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_new_network_begins_with_what_its_description_says(Architecture architecture) {
        Network description = architecture.network(CLASSES);
        assertThat(Safetensors.hash(NetworkTensors.initial(description, 7)))
                .isEqualTo(Safetensors.hash(network(architecture, 7).tensors()));
    }

    @Test
    void what_was_read_does_not_change_with_the_network() {
        GraphNetwork network = network(Architecture.RESNET8, 1);
        Map<String, Tensor> tensors = network.tensors();
        String before = Safetensors.hash(tensors);
        network.graph().params().muli(2);
        assertThat(Safetensors.hash(tensors)).isEqualTo(before);
        assertThat(Safetensors.hash(network.tensors())).isNotEqualTo(before);
    }

    @Test
    void missing_and_foreign_tensors_are_named_and_nothing_is_loaded() {
        Map<String, Tensor> tensors = network(Architecture.RESNET8, 1).tensors();
        tensors.remove("fc.bias");
        tensors.remove("conv1.weight");
        tensors.put("module.fc.bias", new Tensor(new long[] {1}, new float[1]));
        assertNothingLoaded(
                tensors,
                "Cannot load the model x.safetensors: tensors missing: [conv1.weight, fc.bias], "
                        + "tensors that do not belong: [module.fc.bias]");
    }

    @Test
    void a_tensor_of_another_shape_is_named_with_both_shapes_and_nothing_is_loaded() {
        Map<String, Tensor> tensors = network(Architecture.RESNET8, 1).tensors();
        tensors.put("fc.weight", new Tensor(new long[] {64, 100}, new float[6400]));
        assertNothingLoaded(
                tensors,
                "Cannot load the model x.safetensors: tensor fc.weight should have the shape [100, 64], "
                        + "found [64, 100]");
    }

    @Test
    void another_architectures_tensors_are_refused() {
        assertThatThrownBy(() -> network(Architecture.RESNET8, 1)
                        .load(network(Architecture.RESNET20, 1).tensors(), "x.safetensors"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("tensors missing: [], tensors that do not belong: [layer1.1.bn1.bias");
    }

    @Test
    void a_network_of_doubles_takes_the_floats() throws Exception {
        Map<String, Tensor> tensors = network(Architecture.RESNET8, 1).tensors();
        GraphNetwork doubles = network(Architecture.RESNET8, 2, DataType.DOUBLE);
        doubles.load(tensors, "test");
        assertThat(Safetensors.hash(doubles.tensors())).isEqualTo(Safetensors.hash(tensors));
    }

    private static void assertNothingLoaded(Map<String, Tensor> tensors, String message) {
        GraphNetwork network = network(Architecture.RESNET8, 2);
        float[] before = network.graph().params().data().asFloat();
        assertThatThrownBy(() -> network.load(new LinkedHashMap<>(tensors), "x.safetensors"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(message);
        assertThat(network.graph().params().data().asFloat()).isEqualTo(before);
    }

    private static GraphNetwork network(Architecture architecture, long seed) {
        return network(architecture, seed, DataType.FLOAT);
    }

    private static GraphNetwork network(Architecture architecture, long seed, DataType type) {
        Recipe recipe = new Recipe(1, 8, 0.1, 0.9, 0, List.of(), 1);
        LossSettings loss = LossSettings.of(LossWeights.CROSS_ENTROPY);
        return GraphNetwork.create(architecture.network(CLASSES), type, recipe, loss, seed);
    }
}
