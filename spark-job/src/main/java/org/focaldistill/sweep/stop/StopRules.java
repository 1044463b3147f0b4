package org.focaldistill.sweep.stop;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/**
 * When a trial is ended early. It is compared at an epoch that others have reached too, by what the held-out images gave
 * after it; never by total loss, which is another yardstick in every cell.
 *
 * <ul>
 *   <li>{@code MEDIAN} (Golovin et al. 2017): whenever a leg has ended, a trial stops whose value is worse than the median of
 *       the others'. Others that are gone by then count as worse than any, else each epoch would stop half of what the one
 *       before has left. The paper takes running averages in place of the epoch's own values; here all learning rates drop
 *       together, so that an average would only bring in old epochs.
 *   <li>{@code HALVING} (asynchronous successive halving, Li et al. 2020): at certain epochs, the rungs, a trial goes on that
 *       is among the best 1/{@code reduction} of all that have reached the rung so far, rounded up.
 * </ul>
 *
 * @param rule by which trials are stopped
 * @param by what is compared
 * @param from fraction of the epochs, in (0, 1), before which nothing is stopped; the first rung is there, each further one
 *     {@code reduction} times as far
 * @param reduction see {@code HALVING}, at least 2
 * @param atLeast others that must have reached the epoch, at least 1
 */
public record StopRules(Rule rule, Yardstick by, double from, int reduction, int atLeast) {
    /** Trains all trials to their ends. */
    public static final StopRules NONE = new StopRules(Rule.NONE, Yardstick.CE, 0.7, 4, 5);

    /** What stops a trial. */
    public enum Rule {
        NONE,
        MEDIAN,
        HALVING
    }

    /** What trials are compared by. */
    public enum Yardstick {
        /** Cross entropy on the held-out images. */
        CE,
        /** Accuracy on them. */
        TOP1;

        /** A value of which lower is better. */
        double of(HeldOut epoch) {
            return this == CE ? epoch.ce() : -epoch.top1();
        }

        private String show(double value) {
            return this == CE
                    ? String.format(Locale.ROOT, "%.4f", value)
                    : String.format(Locale.ROOT, "%.2f %%", -100 * value);
        }

        private String title() {
            return this == CE ? "held-out CE" : "held-out top-1";
        }
    }

    public StopRules {
        if (!(from > 0 && from < 1)) {
            throw new IllegalArgumentException("from must be a fraction between 0 and 1, found " + from);
        }
        if (reduction < 2 || atLeast < 1) {
            throw new IllegalArgumentException(
                    "reduction must be at least 2 and atLeast at least 1, found " + reduction + " and " + atLeast);
        }
    }

    /** Whether any trial may be stopped. */
    public boolean stopsAny() {
        return rule != Rule.NONE;
    }

    /** In words, for the head of a run. */
    public String inWords() {
        String from = BigDecimal.valueOf(100 * this.from)
                        .round(new MathContext(3))
                        .stripTrailingZeros()
                        .toPlainString()
                + " % of its epochs";
        return switch (rule) {
            case NONE -> "no trial is stopped early";
            case MEDIAN ->
                "from " + from + " on a trial stops whose " + by.title() + " is worse than the others' median";
            case HALVING ->
                "from " + from + " on a trial stops that is not among the best 1/" + reduction + " by " + by.title();
        };
    }

    /** The first epoch, 1-based, after which a trial of so many may be stopped. */
    int firstEpoch(int epochs) {
        // So that 0.1 of 30 epochs is 3.
        return Math.max(1, (int) Math.ceil(from * epochs - 1e-9));
    }

    /** The epochs after which halving compares trials of so many; none of them is the last. */
    List<Integer> rungs(int epochs) {
        List<Integer> rungs = new ArrayList<>();
        double rung = from * epochs;
        while (Math.ceil(rung - 1e-9) < epochs) {
            rungs.add(Math.max(1, (int) Math.ceil(rung - 1e-9)));
            rung *= reduction;
        }
        return rungs.stream().distinct().toList();
    }

    /**
     * The epoch by which a trial is compared when a leg of it has ended; none if it is not.
     *
     * @param before completed epochs when the leg began
     * @param reached completed epochs
     * @param epochs of the whole training
     */
    OptionalInt compared(int before, int reached, int epochs) {
        if (reached >= epochs || reached < firstEpoch(epochs)) {
            return OptionalInt.empty();
        }
        return switch (rule) {
            case NONE -> OptionalInt.empty();
            case MEDIAN -> OptionalInt.of(reached);
            case HALVING ->
                rungs(epochs).stream()
                        .mapToInt(Integer::intValue)
                        .filter(rung -> rung > before && rung <= reached)
                        .max();
        };
    }

    /**
     * Why a value stops its trial; null if it does not. One that is not finite stops none: such a trial ends by itself, as
     * diverged.
     *
     * @param value of the trial, lower is better
     */
    @Nullable String against(double value, Rivals rivals) {
        if (!Double.isFinite(value) || rivals.values().length < atLeast) {
            return null;
        }
        return switch (rule) {
            case NONE -> null;
            case MEDIAN -> median(value, rivals);
            case HALVING -> halving(value, rivals);
        };
    }

    private @Nullable String median(double value, Rivals rivals) {
        double median = rivals.median();
        if (value <= median) {
            return null;
        }
        return by.title() + " " + by.show(value) + ", the median of "
                + Words.count(rivals.values().length + rivals.gone(), "other trial") + " " + by.show(median);
    }

    private @Nullable String halving(double value, Rivals rivals) {
        int trials = rivals.values().length + 1;
        int best = (trials + reduction - 1) / reduction;
        long better = rivals.better(value);
        if (better < best) {
            return null;
        }
        return by.title() + " " + by.show(value) + " is place " + (better + 1) + " of " + trials + ", and the best "
                + best + " go on";
    }
}
