package org.focaldistill.train;

import org.jspecify.annotations.Nullable;

/** Makes students: what is different between the ways to train a trial. */
public interface Students {
    /**
     * A new student with random weights.
     *
     * @param teacher required where the loss has alpha above 0
     * @param control asked whether to stop, and told of what was trained
     */
    Student begin(TrainingTask task, TrainingData data, @Nullable Teacher teacher, TrialTrainer.LegControl control);
}
