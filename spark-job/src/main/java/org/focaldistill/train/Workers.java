package org.focaldistill.train;

/** Makes workers: what several copies of a network, trained together, need of an engine. */
public interface Workers {
    /**
     * A worker whose tensors and velocities are to be loaded.
     *
     * @param data whose training images it is given parts of
     * @param taught whether it is given a teacher's logits with them
     * @param control asked whether to stop, and told of what was trained
     */
    Worker begin(TrainingTask task, TrainingData data, boolean taught, TrialTrainer.LegControl control);
}
