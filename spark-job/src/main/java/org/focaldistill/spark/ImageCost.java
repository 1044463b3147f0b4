package org.focaldistill.spark;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.focaldistill.net.Network;
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

    private final Function<String, Network> networks;
    private final Map<String, Long> forward = new HashMap<>();

    /** @param networks the models for the images at hand */
    ImageCost(Function<String, Network> networks) {
        this.networks = networks;
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
        return forward.computeIfAbsent(
                model, name -> networks.apply(name).cost().multiplyAccumulates());
    }
}
