package org.focaldistill.nn.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.focaldistill.net.Network;
import org.focaldistill.net.NetworkBuilder;
import org.focaldistill.net.Operation;
import org.focaldistill.net.Operation.Convolution;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.BatchNormShape;
import org.focaldistill.nn.backend.KernelLibraries;
import org.focaldistill.nn.dl4j.Head;
import org.focaldistill.nn.dl4j.StateDict;
import org.focaldistill.nn.nd4j.Nd4jLibrary;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A network with every kind of node. */
class FoldedNetworkTest {
    private static final int CLASSES = 3;

    @Test
    void every_kind_of_node_computes_the_same() {
        INDArray images =
                Nd4j.linspace(DataType.DOUBLE, -1, 0.0008, 4 * 16 * 16 * 3).reshape(4, 16, 16, 3);
        ComputationGraph graph = Head.compile(network(), DataType.DOUBLE, 5);
        ComputationGraph floats = Head.compile(network(), DataType.FLOAT, 5);
        floats.setParams(graph.params().castTo(DataType.FLOAT));
        INDArray expected = graph.outputSingle(images);

        try (FoldedNetwork folded =
                new FoldedNetwork(network(), StateDict.tensors(floats), KernelLibraries.choose(DataType.FLOAT))) {
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
    void logits_of_a_network_that_overflows_are_not_finite() {
        NetworkBuilder net = Head.ofImages(16, 3);
        net.convolution("stem", net.input(), 32, 3, 1, 1);
        net.convolution("one", "stem", 32, 3, 1, 1);
        net.convolution("two", "one", 32, 3, 1, 1);
        net.convolution("three", "two", 32, 3, 1, 1);
        net.convolution("four", "three", 32, 3, 1, 1);
        net.sum("sum", "four", "one");
        Network network = Head.on(net, net.batchNormRelu("norm", "sum"), CLASSES);
        ComputationGraph graph = Head.compile(network, DataType.FLOAT, 5);
        INDArray images =
                Nd4j.linspace(DataType.FLOAT, -1, 0.0008, 4 * 16 * 16 * 3).reshape(4, 16, 16, 3);
        graph.params().muli(1e9);

        try (FoldedNetwork folded =
                new FoldedNetwork(network, StateDict.tensors(graph), KernelLibraries.choose(DataType.FLOAT))) {
            for (float logit : folded.logits(images).data().asFloat()) {
                assertThat(Float.isFinite(logit))
                        .as("whether %s is finite", logit)
                        .isFalse();
            }
        }
    }

    @Test
    void every_operation_is_in_it() {
        Set<Class<?>> operations = new HashSet<>();
        network().nodes().forEach(node -> operations.add(node.operation().getClass()));
        assertThat(operations).containsExactlyInAnyOrder(Operation.class.getPermittedSubclasses());
    }

    @Test
    void nd4j_s_operations_refuse_planes() {
        ActivationShape planes = new ActivationShape(4, 16, 16, 60).inPlanes(3, 20);

        assertThatThrownBy(() -> new Nd4jLibrary().batchNorm(new BatchNormShape(planes, true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in planes");
    }

    private static Network network() {
        NetworkBuilder net = Head.ofImages(16, 3);
        net.convolution("stem", net.input(), 32, 3, 1, 1);
        net.batchNormRelu("stem.norm", "stem");
        net.convolution("conv", "stem.norm", 32, 3, 1, 1);
        net.batchNorm("conv.norm", "conv");
        net.addRelu("sum", "conv.norm", "stem.norm");
        // A norm that is folded into nothing, and an output that two more nodes read.
        net.batchNormRelu("sum.norm", "sum");
        net.averagePool("pooled", "sum.norm", 3, 2, 1);
        net.convolution("reduced", "sum.norm", 32, 3, 2, 1);
        net.addRelu("unlike", "reduced", "pooled");
        net.convolution("again", "unlike", 32, 3, 1, 1);
        net.concatenation("all", "again", "pooled");
        net.convolution("wide", "all", 64, 1, 1, 0);
        net.uniformConvolution("eighths", "wide", new Convolution(64, 64, 1, 1, 0, 8));
        net.shuffle("mixed", "eighths", 4);
        net.uniformConvolution("grouped", "mixed", new Convolution(64, 64, 3, 1, 1, 4));
        net.convolution("odd", "wide", 40, 1, 1, 0);
        net.convolution("even", "odd", 64, 3, 1, 1);
        net.sum("plain", "grouped", "even");
        return Head.on(net, net.convolution("last", "plain", 64, 3, 1, 1), CLASSES);
    }
}
