package org.focaldistill.report;

import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialOutcome.TestMetrics;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.sweep.noise.Better;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/** What a table or heat map shows of every cell. */
public enum Quantity {
    /** Total loss on the test images, under the cell's own weights. */
    TEST_LOSS("test total loss", 3),
    /** Total loss over the last epoch's training steps, under the cell's own weights. */
    TRAIN_LOSS("train total loss", 3),
    /** Cross entropy on the test images: the same yardstick in every cell. */
    TEST_CE("test CE", 3),
    /** Test accuracy in percent. */
    TEST_TOP1("test top-1 (%)", 2),
    /** Expected calibration error on the test images in percent, 15 bins. */
    TEST_ECE("test ECE (%)", 2),
    /** Loss on the test images at weights that are the same for all cells. */
    TEST_COMMON("test loss at alpha 0.5, beta 0.5, gamma 0", 3);

    private static final LossWeights COMMON = new LossWeights(0.5, 0.5, 0);

    private final String title;
    private final int decimals;

    Quantity(String title, int decimals) {
        this.title = title;
        this.decimals = decimals;
    }

    /** The quantity's name, with its unit. */
    public String title() {
        return title;
    }

    /** Which values one wants. */
    Better better() {
        return this == TEST_TOP1 ? Better.HIGHER : Better.LOWER;
    }

    /** Part of a file's name. */
    String slug() {
        return Words.of(this);
    }

    /**
     * The value in the unit of {@link #title}; null when the trial has none, as one that diverged, or none that can be compared
     * with others', as one that was stopped early.
     */
    @Nullable Double of(TrialOutcome outcome) {
        Double found = outcome.status() == TrialStatus.OK ? measured(outcome) : null;
        return found == null || !Double.isFinite(found) ? null : found;
    }

    private @Nullable Double measured(TrialOutcome outcome) {
        SplitLoss train = outcome.train();
        SplitLoss test = outcome.test();
        TestMetrics metrics = outcome.testMetrics();
        return switch (this) {
            case TEST_LOSS -> test == null ? null : (Double) test.total();
            case TRAIN_LOSS -> train == null ? null : (Double) train.total();
            case TEST_CE -> test == null ? null : (Double) test.components().ce();
            case TEST_COMMON -> test == null ? null : (Double) test.components().total(COMMON);
            case TEST_ECE -> metrics == null ? null : (Double) (100 * metrics.ece());
            case TEST_TOP1 -> metrics == null ? null : (Double) (100 * metrics.top1());
        };
    }

    /** Digits after the point in {@link #format}. */
    int decimals() {
        return decimals;
    }

    String format(double shown) {
        return Decimals.fixed(shown, decimals);
    }
}
