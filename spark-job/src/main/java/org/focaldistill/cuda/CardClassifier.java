package org.focaldistill.cuda;

import java.util.function.IntUnaryOperator;
import org.focaldistill.data.ImageSet;
import org.focaldistill.train.Classifier;

/** A network on a card. */
class CardClassifier implements Classifier {
    private final Arena arena;

    CardClassifier(Arena arena) {
        this.arena = arena;
    }

    protected final Arena arena() {
        return arena;
    }

    @Override
    public final int classes() {
        return arena.program().network().classes();
    }

    @Override
    public final double[] logits(ImageSet images, int[] indices, IntUnaryOperator view) {
        return arena.logits(images, indices, view);
    }

    @Override
    public void close() {
        arena.close();
    }
}
