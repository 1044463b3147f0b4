package org.focaldistill.data;

import java.util.SplittableRandom;

/** Random orders of whole numbers. */
public final class Permutations {
    private Permutations() {}

    /** The numbers 0 to {@code count - 1}, shuffled (Fisher-Yates). */
    public static int[] of(int count, SplittableRandom random) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
