package org.focaldistill.nn.dl4j;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.FeatureShape;
import org.focaldistill.net.Network;
import org.focaldistill.net.NetworkBuilder;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.NoOp;

/** How the networks of these tests begin and end. */
public final class Head {
    private Head() {}

    /** A network of nothing but square images yet. */
    public static NetworkBuilder ofImages(int size, int channels) {
        return new NetworkBuilder("images", new FeatureShape(size, size, channels));
    }

    /** With average pooling and a linear layer on the node that was added last. */
    public static Network on(NetworkBuilder net, String last, int classes) {
        net.linear("fc", net.globalAveragePool("pool", last), classes);
        return net.build();
    }

    /** Compiled with a loss, in such a way that training leaves its weights as they are. */
    public static ComputationGraph compile(Network network, DataType type, long seed) {
        return GraphCompiler.compile(
                network, type, LossSettings.of(LossWeights.CROSS_ENTROPY), new NoOp(), List.of(), seed);
    }
}
