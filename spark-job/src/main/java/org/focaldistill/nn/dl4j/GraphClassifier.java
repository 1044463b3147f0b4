package org.focaldistill.nn.dl4j;

import java.util.function.IntUnaryOperator;
import org.focaldistill.data.ImageSet;
import org.focaldistill.train.Classifier;

/** A network on Deeplearning4j, given its images by where they are. */
class GraphClassifier implements Classifier {
    private final GraphNetwork network;
    /** As large as the largest batch so far. */
    private ImageBatch batch;

    GraphClassifier(GraphNetwork network) {
        this.network = network;
        this.batch = batch(1);
    }

    private ImageBatch batch(int capacity) {
        return new ImageBatch(network.description().imageInput(), capacity);
    }

    protected final GraphNetwork network() {
        return network;
    }

    @Override
    public final int classes() {
        return network.description().classes();
    }

    @Override
    public final double[] logits(ImageSet images, int[] indices, IntUnaryOperator view) {
        if (indices.length > batch.capacity()) {
            batch = batch(indices.length);
        }
        return network.logits(batch.fill(images, indices, view).toArray(network.dataType()));
    }

    @Override
    public void close() {
        network.close();
    }
}
