package org.focaldistill.nn.dl4j;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.net.Network;
import org.focaldistill.net.Node;
import org.focaldistill.net.Operation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/** Compiles a network's description into one of Deeplearning4j's graphs, with the loss behind its last node. */
final class GraphCompiler {
    private static final String LOSS = "loss";

    private final Network network;
    private final Layouts layouts;
    private final GraphBuilder graph;

    private GraphCompiler(Network network, GraphBuilder graph) {
        this.network = network;
        this.layouts = Layouts.of(network);
        this.graph = graph;
    }

    /**
     * Compiles a network, with the weights it begins with.
     *
     * @param type what it computes in
     * @param updater moves its trained tensors
     * @param regularization of all of those
     * @param initSeed seeds its weights
     */
    static ComputationGraph compile(
            Network network,
            DataType type,
            LossSettings loss,
            IUpdater updater,
            List<Regularization> regularization,
            long initSeed) {
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(initSeed)
                .dataType(type)
                .miniBatch(false)
                .updater(updater)
                .regularization(regularization)
                .graphBuilder();
        new GraphCompiler(network, builder).compile(loss);
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return graph;
    }

    private void compile(LossSettings loss) {
        graph.addInputs(network.input());
        network.nodes().forEach(this::add);
        graph.addLayer(
                LOSS,
                new LossLayer.Builder(new DistillationLossFunction(loss))
                        .activation(Activation.IDENTITY)
                        .build(),
                network.output().name());
        graph.setOutputs(LOSS);
    }

    private void add(Node node) {
        String[] inputs = node.inputs().toArray(new String[0]);
        NodeLayout layout = layouts.of(node);
        if (node.operation() instanceof Operation.Sum sum && !sum.relu()) {
            graph.addVertex(node.name(), new ElementWiseVertex(ElementWiseVertex.Op.Add), inputs);
        } else if (inputs.length > 1) {
            graph.addVertex(node.name(), new JoinConfiguration(node, layout), inputs);
        } else {
            graph.addLayer(node.name(), new NodeConfiguration(node, layout), inputs);
        }
    }
}
