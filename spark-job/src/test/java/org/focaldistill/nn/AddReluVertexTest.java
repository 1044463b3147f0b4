package org.focaldistill.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Which arrays a sum may take the place of; float runs on oneDNN, double on ND4J's operations. */
class AddReluVertexTest {
    private static final int CHANNELS = 16;

    private static final BatchNorm2d NORM = BatchNorm2d.of(CHANNELS);
    private static final BatchNorm2d NORM_WITH_RELU = BatchNorm2d.withRelu(CHANNELS);

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void training_sums_in_the_array_of_a_norm_that_nothing_else_reads(DataType type) {
        Map<String, INDArray> activations = run(type, NORM, false, true);

        assertThat(address(activations, "sum")).isEqualTo(address(activations, "norm"));
        assertThat(activations.get("sum"))
                .as("the same sum as in an array of its own")
                .isEqualTo(run(type, NORM, true, true).get("sum"));
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void a_norm_with_another_reader_is_kept(DataType type) {
        assertKept(run(type, NORM, true, true));
    }

    /** Its backward pass looks at where it was cut off. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void a_norm_with_relu_is_kept(DataType type) {
        assertKept(run(type, NORM_WITH_RELU, false, true));
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void inference_keeps_every_activation(DataType type) {
        assertKept(run(type, NORM, false, false));
    }

    private static void assertKept(Map<String, INDArray> activations) {
        assertThat(address(activations, "sum")).isNotEqualTo(address(activations, "norm"));
        INDArray sum = activations.get("norm").add(activations.get("short"));
        assertThat(activations.get("sum")).isEqualTo(Transforms.max(sum, 0));
    }

    private static long address(Map<String, INDArray> activations, String name) {
        return OneDnnArgument.addressOf(activations.get(name));
    }

    /** What every part of a small residual block computes. */
    private static Map<String, INDArray> run(
            DataType type, BatchNorm2d norm, boolean normHasAnotherReader, boolean training) {
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(type)
                .updater(new NoOp())
                .graphBuilder()
                .addInputs("images")
                .addLayer("short", new Conv2d(3, CHANNELS, 1, 1, 0), "images")
                .addLayer("conv", new Conv2d(3, CHANNELS, 3, 1, 1), "images")
                .addLayer("norm", norm, "conv")
                .addVertex("sum", new AddRelu(), "norm", "short");
        if (normHasAnotherReader) {
            builder.addLayer("other", new Conv2d(CHANNELS, 1, 1, 1, 0), "norm").setOutputs("sum", "other");
        } else {
            builder.setOutputs("sum");
        }
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        INDArray images = Nd4j.linspace(type, -1, 0.01, 2 * 4 * 4 * 3).reshape(2, 4, 4, 3);
        return graph.feedForward(images, training);
    }
}
