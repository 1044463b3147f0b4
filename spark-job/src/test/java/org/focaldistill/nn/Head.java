package org.focaldistill.nn;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.focaldistill.loss.DistillationLossFunction;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.NoOp;

/** How the networks of this package's tests begin and end. */
final class Head {
    private Head() {}

    /** A network of "images" so far, whose training leaves its weights as they are. */
    static GraphBuilder ofImages(long seed, DataType type) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(type)
                .miniBatch(false)
                .updater(new NoOp())
                .graphBuilder()
                .addInputs("images");
    }

    /** Average pooling, the linear layer and the loss. */
    static GraphBuilder on(GraphBuilder graph, String last, int features, int classes) {
        return graph.addLayer("pool", new GlobalAveragePool(), last)
                .addLayer("fc", new Linear(features, classes), "pool")
                .addLayer(
                        "loss",
                        new LossLayer.Builder(new DistillationLossFunction())
                                .activation(Activation.IDENTITY)
                                .build(),
                        "fc")
                .setOutputs("loss");
    }
}
