package org.focaldistill.sweep.stop;

import java.util.Arrays;

/**
 * What a trial is compared with at an epoch.
 *
 * @param values of the others that have reached it, finite; lower is better
 * @param gone how many others ended before it, diverged or stopped
 */
record Rivals(double[] values, int gone) {

    /** How many of them are better than a value. */
    long better(double value) {
        return Arrays.stream(values).filter(other -> other < value).count();
    }

    /** The median, where those that are gone are worse than any value; infinite if the middle is among them. */
    double median() {
        int count = values.length + gone;
        double[] all = Arrays.copyOf(values, count);
        Arrays.fill(all, values.length, count, Double.POSITIVE_INFINITY);
        Arrays.sort(all);
        return all[(count - 1) / 2] / 2 + all[count / 2] / 2;
    }
}
