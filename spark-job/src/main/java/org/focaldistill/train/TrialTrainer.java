package org.focaldistill.train;

import java.util.List;
import org.focaldistill.metrics.Evaluation;
import org.focaldistill.metrics.ReliabilityBin;
import org.focaldistill.metrics.TemperatureScaling;
import org.focaldistill.sweep.SplitLoss;
import org.jspecify.annotations.Nullable;

/** Trains a network for some of its epochs. */
public final class TrialTrainer {
    private final Students students;

    /** @param students an engine, or what else makes the steps of an epoch */
    public TrialTrainer(Students students) {
        this.students = students;
    }

    /**
     * Trains from a state up to an epoch, and measures the network if that was its last.
     *
     * @param teacher required where the loss has alpha above 0; without one KL is NaN
     * @param from where to go on; null to begin
     * @param toEpoch how many epochs are to be completed afterwards
     */
    public LegOutcome train(
            TrainingTask task,
            TrainingData data,
            @Nullable Teacher teacher,
            @Nullable TrainingState from,
            int toEpoch,
            LegControl control) {
        Training.requireLeg(task, teacher, from, toEpoch);
        try (Student student = students.begin(task, data, teacher, control)) {
            return new Training(task, data, teacher, student, control::completed).leg(from, toEpoch);
        }
    }

    /**
     * Measures a network as {@link #train} does after its last epoch, at whichever it is, and trains nothing.
     *
     * @param teacher see {@link #train}
     * @param state of the network
     * @return {@link Finished} with this state; {@link Diverged} where logits are not finite
     */
    public LegOutcome measure(
            TrainingTask task, TrainingData data, @Nullable Teacher teacher, TrainingState state, LegControl control) {
        try (Student student = students.begin(task, data, teacher, control)) {
            return new Training(task, data, teacher, student, control::completed).measureOnly(state);
        }
    }

    /** The other end of a running leg. */
    public interface LegControl {
        /**
         * Asked by the training's thread before each step, or each run of steps that an engine makes at once; true ends the leg
         * with what its last completed epoch left.
         */
        boolean stopRequested();

        /**
         * Told by the training's thread after each step, or each run of them.
         *
         * @param images how many it trained on since it last told
         */
        void trained(int images);

        /**
         * Told by the training's thread after each epoch, which waits for it to return.
         *
         * @param history of all completed epochs, those before the leg included
         */
        default void completed(List<EpochResult> history) {}
    }

    /** How a leg ended. */
    public sealed interface LegOutcome {}

    /** It reached its epoch and there are more to come. */
    public record Paused(TrainingState state) implements LegOutcome {}

    /** It was asked to stop; null if no epoch of the trial was completed. */
    public record Stopped(@Nullable TrainingState state) implements LegOutcome {}

    /** The last epoch was completed, or it was to be measured as it is. */
    public record Finished(TrainingState state, Measured measured) implements LegOutcome {}

    /**
     * The loss or the gradient stopped being finite.
     *
     * @param history of the epochs before
     * @param epoch 1-based
     * @param step 1-based, over all epochs
     * @param what KL, CE, focal, gradient, weights or evaluation logits
     */
    public record Diverged(
            List<EpochResult> history, @Nullable Long firstNegativeStep, int epoch, long step, String what)
            implements LegOutcome {}

    /**
     * The trained network on the test images.
     *
     * @param loss there; KL is NaN without a teacher
     * @param evaluation accuracy and calibration
     * @param calibration with temperatures fitted on the held-out images; null without any
     * @param agreementTop1 how often it chooses the teacher's class; null without a teacher
     * @param bestTestTop1 accuracy of the best epoch's network; null without held-out images
     */
    public record Measured(
            SplitLoss loss,
            Evaluation evaluation,
            @Nullable Calibration calibration,
            @Nullable Double agreementTop1,
            @Nullable Double bestTestTop1) {}

    /**
     * The test images after temperature scaling.
     *
     * @param byNll with the temperature of the smallest NLL of the held-out images
     * @param byEce with the temperature of their smallest ECE
     * @param reliability bins of the test images with the temperature by NLL
     */
    public record Calibration(TemperatureScaling byNll, TemperatureScaling byEce, List<ReliabilityBin> reliability) {}
}
