package org.focaldistill.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.focaldistill.loss.DistillationLossFunction;
import org.focaldistill.testing.Reference;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

class NetworkTensorsTest {
    private static final int CLASSES = 100;

    @ParameterizedTest
    @EnumSource
    void a_network_goes_through_a_model_file_bit_by_bit(Architecture architecture) throws Exception {
        ComputationGraph written = network(architecture, 1);
        byte[] file = new Safetensors(NetworkTensors.read(written), Map.of()).toBytes();
        ComputationGraph other = network(architecture, 2);
        assertThat(other.params()).isNotEqualTo(written.params());

        NetworkTensors.load(other, Safetensors.parse(file, "test").tensors(), "test");

        assertThat(other.params().data().asFloat())
                .isEqualTo(written.params().data().asFloat());
    }

    @Test
    void tensors_have_the_names_and_shapes_of_the_pytorch_zoo() {
        Map<String, Tensor> tensors = NetworkTensors.read(network(Architecture.RESNET20, 1));
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

    @Test
    void what_was_read_does_not_change_with_the_network() {
        ComputationGraph network = network(Architecture.RESNET8, 1);
        Map<String, Tensor> tensors = NetworkTensors.read(network);
        String before = Safetensors.hash(tensors);
        network.params().muli(2);
        assertThat(Safetensors.hash(tensors)).isEqualTo(before);
        assertThat(Safetensors.hash(NetworkTensors.read(network))).isNotEqualTo(before);
    }

    @Test
    void missing_and_foreign_tensors_are_named_and_nothing_is_loaded() {
        Map<String, Tensor> tensors = NetworkTensors.read(network(Architecture.RESNET8, 1));
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
        Map<String, Tensor> tensors = NetworkTensors.read(network(Architecture.RESNET8, 1));
        tensors.put("fc.weight", new Tensor(new long[] {64, 100}, new float[6400]));
        assertNothingLoaded(
                tensors,
                "Cannot load the model x.safetensors: tensor fc.weight should have the shape [100, 64], "
                        + "found [64, 100]");
    }

    @Test
    void another_architectures_tensors_are_refused() {
        assertThatThrownBy(() -> NetworkTensors.load(
                        network(Architecture.RESNET8, 1),
                        NetworkTensors.read(network(Architecture.RESNET20, 1)),
                        "x.safetensors"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("tensors missing: [], tensors that do not belong: [layer1.1.bn1.bias");
    }

    @Test
    void a_network_of_doubles_takes_the_floats() throws Exception {
        Map<String, Tensor> tensors = NetworkTensors.read(network(Architecture.RESNET8, 1));
        ComputationGraph doubles = network(Architecture.RESNET8, 2, DataType.DOUBLE);
        NetworkTensors.load(doubles, tensors, "test");
        assertThat(Safetensors.hash(NetworkTensors.read(doubles))).isEqualTo(Safetensors.hash(tensors));
    }

    private static void assertNothingLoaded(Map<String, Tensor> tensors, String message) {
        ComputationGraph network = network(Architecture.RESNET8, 2);
        float[] before = network.params().data().asFloat();
        assertThatThrownBy(() -> NetworkTensors.load(network, new LinkedHashMap<>(tensors), "x.safetensors"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(message);
        assertThat(network.params().data().asFloat()).isEqualTo(before);
    }

    private static ComputationGraph network(Architecture architecture, long seed) {
        return network(architecture, seed, DataType.FLOAT);
    }

    private static ComputationGraph network(Architecture architecture, long seed, DataType type) {
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(type)
                .graphBuilder()
                .addInputs("images");
        String logits = architecture.addTo(builder, "images", CLASSES);
        builder.addLayer("loss", new LossLayer.Builder(new DistillationLossFunction()).build(), logits)
                .setOutputs("loss");
        ComputationGraph network = new ComputationGraph(builder.build());
        network.init();
        return network;
    }
}
