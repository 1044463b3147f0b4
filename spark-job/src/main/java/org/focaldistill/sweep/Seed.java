package org.focaldistill.sweep;

import java.util.Comparator;

/**
 * One repetition of a sweep: its trials share batch order, views, held-out images and initial weights.
 *
 * @param data seeds batch order, views and the held-out images
 * @param init seeds the student's initial weights
 * @param streams what the two give the training to draw from
 */
public record Seed(long data, long init, SeedStreams streams) implements Comparable<Seed> {
    private static final Comparator<Seed> ORDER =
            Comparator.comparingLong(Seed::data).thenComparingLong(Seed::init).thenComparing(Seed::streams);
    private static final long FIRST = 1;

    /** Data order and initial weights by seeds of their own. */
    public static Seed plain(long data, long init) {
        return new Seed(data, init, SeedStreams.PLAIN);
    }

    /**
     * Data order and initial weights by one number, which share nothing with those of another number. Seed 1 is what trials
     * of a sweep without seeds have, so that it is reused where seeds are added: one plain seed overlaps with no scattered
     * one.
     */
    public static Seed of(long seed) {
        return new Seed(seed, seed, seed == FIRST ? SeedStreams.PLAIN : SeedStreams.SCATTERED);
    }

    /** What batch order, views and the held-out images are drawn from. */
    public long dataStream() {
        return streams.data(data);
    }

    /** What the initial weights are drawn from. */
    public long initStream() {
        return streams.init(init);
    }

    @Override
    public int compareTo(Seed other) {
        return ORDER.compare(this, other);
    }

    /** {@code 2}, or {@code 1/2} where data and init seed differ. */
    @Override
    public String toString() {
        return data == init ? Long.toString(data) : data + "/" + init;
    }
}
