package org.focaldistill.spark;

import java.util.HashMap;
import java.util.Map;
import org.focaldistill.zoo.Architecture;
import org.jspecify.annotations.Nullable;

/**
 * What an image takes of a slot, so that images of students of different size can be added up: multiply-adds of
 * convolutions and fully connected layers.
 */
public final class ImageCost {
    /** Passes of training: forward, backward to inputs, backward to weights. */
    public static final int TRAINING = 3;
    /** Passes of a network in evaluation mode. */
    public static final int EVALUATION = 1;

    private final int classes;
    private final Map<String, Long> forward = new HashMap<>();

    /** @param classes of the images */
    ImageCost(int classes) {
        this.classes = classes;
    }

    /** Multiply-adds of a model for one image forward. */
    public static long multiplyAdds(String model, int classes) {
        return Architecture.named(model).network(classes).cost().multiplyAccumulates();
    }

    /**
     * Of an image that is trained on.
     *
     * @param teacher model of the teacher that sees it too; null if none does
     */
    double ofTraining(String model, @Nullable String teacher) {
        return TRAINING * (double) forward(model) + (teacher == null ? 0 : EVALUATION * (double) forward(teacher));
    }

    private long forward(String model) {
        return forward.computeIfAbsent(model, name -> multiplyAdds(name, classes));
    }
}
