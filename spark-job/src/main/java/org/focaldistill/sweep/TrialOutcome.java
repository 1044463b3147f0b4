package org.focaldistill.sweep;

import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a trial ended: one row of {@code trials/}. The schema's column for each part is its name in snake_case, with
 * {@code test_} before those of {@link TestMetrics}.
 *
 * @param trial the trial
 * @param teacher how the teacher does on the test images
 * @param status how it ended
 * @param statusDetail what happened, for a trial that is not OK
 * @param converged last epoch's training CE below 0.95 ln(classes) and below the first epoch's
 * @param firstNegativeStep 1-based step at which the total training loss first fell below 0
 * @param epochsDone completed epochs
 * @param train loss over the last epoch's training steps; null when none was completed
 * @param validation last epoch's loss on the validation split; null without one
 * @param test loss on the test images after the last epoch; null when diverged
 * @param valTop1 last epoch's validation accuracy in [0, 1]
 * @param bestEpoch 1-based epoch of the best validation accuracy; null without a validation split
 * @param bestTestTop1 test accuracy after the best epoch
 * @param testMetrics accuracy and calibration after the last epoch; null when diverged
 * @param run where, when and how fast
 * @param studentUri the trained student; null when diverged
 */
public record TrialOutcome(
        Trial trial,
        TeacherMetrics teacher,
        TrialStatus status,
        @Nullable String statusDetail,
        boolean converged,
        @Nullable Long firstNegativeStep,
        int epochsDone,
        @Nullable SplitLoss train,
        @Nullable SplitLoss validation,
        @Nullable SplitLoss test,
        @Nullable Double valTop1,
        @Nullable Integer bestEpoch,
        @Nullable Double bestTestTop1,
        @Nullable TestMetrics testMetrics,
        Run run,
        @Nullable String studentUri) {

    /** The outcome without the place of its student, for readers who do not have that. */
    public TrialOutcome withoutStudent() {
        return new TrialOutcome(
                trial,
                teacher,
                status,
                statusDetail,
                converged,
                firstNegativeStep,
                epochsDone,
                train,
                validation,
                test,
                valTop1,
                bestEpoch,
                bestTestTop1,
                testMetrics,
                run,
                null);
    }

    /** The teacher on the trial's test images: accuracy in [0, 1], NLL in nats, ECE of 15 bins. */
    public record TeacherMetrics(double testTop1, double testNll, double testEce) implements Serializable {}

    /**
     * The student on the test images. Accuracies in [0, 1]; NLL in nats; the ECE family with 15 bins.
     *
     * @param scaledByNll after dividing the logits by the temperature of the smallest NLL on the validation split; null
     *     without one
     * @param scaledByEce the same with the temperature of the smallest ECE there
     * @param agreementTop1 how often student and teacher choose the same class
     */
    public record TestMetrics(
            double top1,
            double top5,
            double nll,
            double brier,
            double ece,
            double adaEce,
            double classwiseEce,
            @Nullable Scaled scaledByNll,
            @Nullable Scaled scaledByEce,
            double agreementTop1) {}

    /**
     * Calibration on the test images after temperature scaling; accuracies stay what they are.
     *
     * @param temperature what the logits are divided by; not the temperature of the loss
     * @param nll in nats; null in rows of versions that did not measure it
     * @param ece 15 bins
     */
    public record Scaled(double temperature, @Nullable Double nll, double ece) {}

    /**
     * Circumstances of the run, not part of the trial's identity.
     *
     * @param backend what computed it, e.g. {@code native, onednn}; of several parts where several did
     * @param attempt 1-based attempt that finished the trial
     */
    public record Run(
            String backend,
            double imagesPerSecond,
            double trainSeconds,
            String host,
            String device,
            Instant startedAt,
            Instant finishedAt,
            int attempt,
            String codeVersion) {
        /** Between the parts of a backend. */
        public static final String AND = "; ";

        /** How the part of a backend begins that names what measured, where another one trained. */
        public static final String MEASURED_BY = "measured by ";
    }
}
