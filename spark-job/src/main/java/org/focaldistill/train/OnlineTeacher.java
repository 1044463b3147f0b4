package org.focaldistill.train;

import java.nio.IntBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.focaldistill.data.Views;

/**
 * A teacher that runs on every training batch. Its logits of whole sets are computed once for all trials that share the
 * given {@link Sets}.
 */
public final class OnlineTeacher implements Teacher {
    private final Classifier network;
    private final TrainingData data;
    private final Sets sets;

    public OnlineTeacher(Classifier network, TrainingData data, Sets sets) {
        this.network = network;
        this.data = data;
        this.sets = sets;
    }

    @Override
    public double[] training(int[] indices, int position) {
        return network.logits(data.train(), indices, index -> Views.of(index, position));
    }

    @Override
    public double[] centre(int[] indices) {
        return sets.of(IntBuffer.wrap(indices.clone()), () -> Logits.of(network, data.train(), indices));
    }

    @Override
    public double[] test() {
        return sets.of("test", () -> Logits.of(network, data.test()));
    }

    /** One teacher's logits of whole sets of one data set; safe for several threads. */
    public static final class Sets {
        /** By the images they are of: a buffer of indices equals another of the same indices. */
        private final Map<Object, double[]> logits = new ConcurrentHashMap<>();

        private double[] of(Object set, Supplier<double[]> compute) {
            return logits.computeIfAbsent(set, key -> compute.get());
        }
    }
}
