package org.focaldistill.data;

import java.util.SplittableRandom;

/** Random numbers for many purposes from one seed. */
public final class RandomStreams {
    private RandomStreams() {}

    /** SplittableRandom starts near seeds on overlapping sequences, so the parts are scattered first. */
    public static SplittableRandom of(long seed, int purpose, int index) {
        return new SplittableRandom(scatter(scatter(scatter(seed) + purpose) + index));
    }

    /** The 64-bit finaliser of MurmurHash3. */
    private static long scatter(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
