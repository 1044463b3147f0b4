package org.focaldistill.train;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Plain SGD on one slot. */
public final class LocalTrainer implements TrialTrainer {
    private final Function<TrainingTask, Network> networks;

    public LocalTrainer() {
        this(Network::of);
    }

    LocalTrainer(Function<TrainingTask, Network> networks) {
        this.networks = networks;
    }

    @Override
    public LegOutcome train(
            TrainingTask task,
            TrainingData data,
            @Nullable Teacher teacher,
            @Nullable TrainingState from,
            int toEpoch,
            LegControl control) {
        try (Network network = networks.apply(task);
                LocalSteps steps = new LocalSteps(task, data, teacher, network, control)) {
            return new Training(task, data, teacher, network, steps).leg(from, toEpoch);
        }
    }
}
