package org.focaldistill.sweep;

import java.util.SplittableRandom;

/** What a trial's seeds give its training to draw random numbers from. */
public enum SeedStreams {
    /**
     * The seeds themselves. The generators of data seeds n and n + 1 then begin next to each other, so that the split of one
     * draws what that of the other does, one number later.
     */
    PLAIN,
    /**
     * 64 bits mixed from a seed and what it is for: whatever the seeds, the generators of their trainings begin anywhere in
     * their period of 2^64, independently, and share nothing.
     */
    SCATTERED;

    private static final long DATA = 0x6A09E667F3BCC908L;
    private static final long INIT = 0xBB67AE8584CAA73BL;

    /** What batch order, views and the held-out images are drawn from. */
    public long data(long seed) {
        return this == PLAIN ? seed : mixed(seed ^ DATA);
    }

    /** What initial weights are drawn from. */
    public long init(long seed) {
        return this == PLAIN ? seed : mixed(seed ^ INIT);
    }

    /** Other values for other seeds: the first number of this generator is a bijection of its seed. */
    private static long mixed(long value) {
        return new SplittableRandom(value).nextLong();
    }
}
