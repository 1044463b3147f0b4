package org.focaldistill.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A network with every kind of node behind activations that lie in blocks of channels. */
class FoldedNetworkTest {
    private static final int CLASSES = 3;

    @Test
    void whatever_comes_behind_blocks_of_channels_computes_the_same() {
        INDArray images =
                Nd4j.linspace(DataType.DOUBLE, -1, 0.0008, 4 * 16 * 16 * 3).reshape(4, 16, 16, 3);
        ComputationGraph graph = graph(DataType.DOUBLE);
        ComputationGraph floats = graph(DataType.FLOAT);
        floats.setParams(graph.params().castTo(DataType.FLOAT));
        INDArray expected = graph.outputSingle(images);

        try (FoldedNetwork folded = FoldedNetwork.of(floats)) {
            for (int again = 0; again < 2; again++) {
                INDArray found = folded.logits(images.castTo(DataType.FLOAT));
                for (int i = 0; i < expected.length(); i++) {
                    assertThat(found.getDouble(i)).isCloseTo(expected.getDouble(i), within(1e-4));
                }
            }
        }
        double spread =
                expected.maxNumber().doubleValue() - expected.minNumber().doubleValue();
        assertThat(spread).as("difference of logits").isGreaterThan(0.1);
    }

    @Test
    void stages_that_run_by_winograd_lie_in_blocks_and_others_do_not() {
        OneDnnEngine onednn = new OneDnnEngine();
        assumeThat(onednn.description()).contains("avx512");
        ActivationShape images = new ActivationShape(4, 16, 16, 3);
        ActivationShape narrow = new ActivationShape(4, 16, 16, 16);

        assertThat(onednn.wantsBlocks(new ConvolutionShape(images, 32, 3, 1, 1, 1)))
                .isTrue();
        assertThat(onednn.wantsBlocks(new ConvolutionShape(narrow, 64, 1, 2, 0, 1)))
                .isTrue();
        assertThat(onednn.wantsBlocks(new ConvolutionShape(images, 16, 3, 1, 1, 1)))
                .isFalse();
        assertThat(onednn.wantsBlocks(new ConvolutionShape(narrow, 40, 3, 1, 1, 1)))
                .isFalse();
        assertThat(onednn.wantsBlocks(new ConvolutionShape(narrow, 64, 3, 1, 1, 4)))
                .isFalse();
    }

    @Test
    void nd4j_s_operations_refuse_blocks_and_planes() {
        ActivationShape blocks = new ActivationShape(4, 16, 16, 32).lying(true);
        ActivationShape planes = new ActivationShape(4, 16, 16, 60).inPlanes(3, 20);

        assertThatThrownBy(() -> new Nd4jEngine().batchNorm(new BatchNormShape(blocks, true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pixel after pixel");
        assertThatThrownBy(() -> new Nd4jEngine().batchNorm(new BatchNormShape(planes, true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in planes");
    }

    private static ComputationGraph graph(DataType type) {
        GraphBuilder builder = Head.ofImages(5, type)
                .addLayer("stem", new Conv2d(3, 32, 3, 1, 1).asFirstLayer(), "images")
                .addLayer("stem.norm", BatchNorm2d.withRelu(32), "stem")
                .addLayer("conv", new Conv2d(32, 32, 3, 1, 1), "stem.norm")
                .addLayer("conv.norm", BatchNorm2d.of(32), "conv")
                .addVertex("sum", new AddRelu(), "conv.norm", "stem.norm")
                // A norm that is folded into nothing, and an output that two more nodes read.
                .addLayer("sum.norm", BatchNorm2d.withRelu(32), "sum")
                .addLayer("pooled", new AveragePool2d(3, 2, 1), "sum.norm")
                .addLayer("reduced", new Conv2d(32, 32, 3, 2, 1), "sum.norm")
                .addVertex("unlike", new AddRelu(), "reduced", "pooled")
                .addLayer("again", new Conv2d(32, 32, 3, 1, 1), "unlike")
                .addVertex("all", new ConcatChannels(), "again", "pooled")
                .addLayer("wide", new Conv2d(64, 64, 1, 1, 0), "all")
                .addLayer("eighths", new Conv2d(64, 64, 1, 1, 0).inGroups(8), "wide")
                .addLayer("mixed", new ChannelShuffle(4), "eighths")
                .addLayer("grouped", new Conv2d(64, 64, 3, 1, 1).inGroups(4), "mixed")
                .addLayer("odd", new Conv2d(64, 40, 1, 1, 0), "wide")
                .addLayer("even", new Conv2d(40, 64, 3, 1, 1), "odd")
                .addVertex("plain", new ElementWiseVertex(ElementWiseVertex.Op.Add), "grouped", "even")
                .addLayer("last", new Conv2d(64, 64, 3, 1, 1), "plain");
        ComputationGraph graph =
                new ComputationGraph(Head.on(builder, "last", 64, CLASSES).build());
        graph.init();
        return graph;
    }
}
