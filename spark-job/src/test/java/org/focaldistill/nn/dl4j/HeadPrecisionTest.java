package org.focaldistill.nn.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.focaldistill.net.NetworkBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Average pooling and the linear layer, in the networks' sizes, in float against double; both passes. */
class HeadPrecisionTest {
    private static final int BATCH = 4;

    @ParameterizedTest
    @ValueSource(ints = {64, 128, 256, 960})
    void float_agrees_with_double(int channels) {
        INDArray images = Nd4j.rand(DataType.FLOAT, BATCH, 8, 8, channels).subi(0.5);
        ComputationGraph exact = head(channels, DataType.DOUBLE);
        ComputationGraph single = head(channels, DataType.FLOAT);
        exact.setParams(single.params().castTo(DataType.DOUBLE));
        INDArray[] expected = passes(exact, images.castTo(DataType.DOUBLE));
        INDArray[] found = passes(single, images);
        for (int i = 0; i < expected.length; i++) {
            double error = found[i].castTo(DataType.DOUBLE)
                    .sub(expected[i])
                    .norm2Number()
                    .doubleValue();
            assertThat(error / expected[i].norm2Number().doubleValue())
                    .as(i == 0 ? "logits" : "gradient")
                    .isLessThan(1e-4);
        }
    }

    /** Logits, and the gradient of all parameters: the convolution's comes through both layers' backward passes. */
    private static INDArray[] passes(ComputationGraph graph, INDArray images) {
        INDArray labels = Nd4j.create(new double[] {0, 1, 2, 3}, new long[] {BATCH, 1}, 'c')
                .castTo(images.dataType());
        INDArray logits = graph.outputSingle(false, images);
        graph.setInputs(images);
        graph.setLabels(labels);
        graph.computeGradientAndScore();
        return new INDArray[] {logits, graph.gradient().gradient().dup()};
    }

    private static ComputationGraph head(int channels, DataType type) {
        NetworkBuilder net = Head.ofImages(8, channels);
        return Head.compile(Head.on(net, net.convolution("conv", net.input(), channels, 1, 1, 0), 100), type, 5);
    }
}
