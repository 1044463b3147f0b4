package org.focaldistill.sweep.noise;

import java.util.Comparator;
import org.focaldistill.sweep.Trial;

/**
 * One repetition of a sweep: its trials share batch order, views, validation split and initial weights.
 *
 * @param data the trial's data seed
 * @param init the trial's init seed
 */
public record Seed(long data, long init) implements Comparable<Seed> {
    private static final Comparator<Seed> ORDER =
            Comparator.comparingLong(Seed::data).thenComparingLong(Seed::init);

    /** The seeds of a trial. */
    public static Seed of(Trial trial) {
        return new Seed(trial.dataSeed(), trial.initSeed());
    }

    @Override
    public int compareTo(Seed other) {
        return ORDER.compare(this, other);
    }
}
