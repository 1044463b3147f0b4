package org.focaldistill.nn;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.focaldistill.loss.DistillationLossFunction;
import org.nd4j.linalg.activations.Activation;

/** How the networks of this package's tests end. */
final class Head {
    private Head() {}

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
