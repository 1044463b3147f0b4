package org.focaldistill.train;

import org.focaldistill.weights.InvalidModelException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/** Plain SGD on one slot. */
public final class LocalTrainer implements TrialTrainer {

    @Override
    public LegOutcome train(
            TrainingTask task,
            TrainingData data,
            @Nullable Teacher teacher,
            @Nullable TrainingState from,
            int toEpoch,
            LegControl control) {
        requireLeg(task, teacher, from, toEpoch);
        try (Network network = Network.create(
                        task.architecture(),
                        task.classes(),
                        DataType.FLOAT,
                        task.recipe(),
                        task.loss(),
                        task.initSeed());
                Training training = new Training(task, data, teacher, network, control)) {
            if (from != null) {
                training.resume(from);
            }
            return training.run(toEpoch);
        } catch (InvalidModelException e) {
            throw new IllegalArgumentException("Cannot go on from this state: " + e.getMessage(), e);
        }
    }

    private static void requireLeg(
            TrainingTask task, @Nullable Teacher teacher, @Nullable TrainingState from, int toEpoch) {
        int fromEpoch = from == null ? 0 : from.epochs();
        if (toEpoch <= fromEpoch || toEpoch > task.recipe().epochs()) {
            throw new IllegalArgumentException("A leg from epoch " + fromEpoch + " to " + toEpoch
                    + " does not fit a training of " + task.recipe().epochs() + " epochs");
        }
        if (teacher == null && task.loss().weights().alpha() > 0) {
            throw new IllegalArgumentException(
                    "alpha is " + task.loss().weights().alpha() + " but there is no teacher");
        }
    }
}
