package org.focaldistill.sweep.race;

import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.sweep.noise.Better;
import org.jspecify.annotations.Nullable;

/**
 * What cells are compared by: after the last epoch, on the held-out images where there are some, else on the test images.
 * Never the total loss, which is another yardstick in every cell.
 */
public enum RaceQuantity {
    /** Cross entropy, in nats. */
    CE,
    /** Accuracy, in percent. */
    TOP1;

    /** Which values one wants. */
    public Better better() {
        return this == CE ? Better.LOWER : Better.HIGHER;
    }

    /** The value; null where the trial has none, as it diverged or was stopped early. */
    public @Nullable Double of(TrialOutcome outcome) {
        Double found = outcome.status() == TrialStatus.OK ? measured(outcome) : null;
        return found == null || !Double.isFinite(found) ? null : found;
    }

    private @Nullable Double measured(TrialOutcome outcome) {
        boolean heldOut = outcome.trial().data().validationImages() > 0;
        if (this == CE) {
            SplitLoss loss = heldOut ? outcome.validation() : outcome.test();
            return loss == null ? null : (Double) loss.components().ce();
        }
        Double top1 = heldOut
                ? outcome.valTop1()
                : outcome.testMetrics() == null
                        ? null
                        : (Double) outcome.testMetrics().top1();
        return top1 == null ? null : (Double) (100 * top1);
    }

    /** By how much a trial's value moves at least, if it moves; 0 for any. */
    double step(DataRef data) {
        int images = data.validationImages() > 0 ? data.validationImages() : data.testImages();
        return this == TOP1 ? 100.0 / Math.max(1, images) : 0;
    }

    /** It, for people, where it was measured included. */
    public String title(boolean heldOut) {
        return (heldOut ? "held-out " : "test ") + (this == CE ? "CE" : "top-1 (%)");
    }

    /** Digits after the point that are worth showing. */
    public int decimals() {
        return this == CE ? 4 : 2;
    }
}
