package org.focaldistill.testing;

import static org.assertj.core.api.Assertions.assertThat;

/** Whether all values of a tensor are near others; of millions AssertJ would make decimal fractions, one by one. */
public final class Closeness {
    private Closeness() {}

    /** Fails where one is further off than the tolerance, or is not a number. */
    public static void assertClose(String what, float[] found, float[] expected, double tolerance) {
        assertThat(found).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            // What is not a number is near nothing.
            if (!(Math.abs((double) found[i] - expected[i]) <= tolerance)) {
                throw new AssertionError("%s: element %d is %s, which is not within %s of %s"
                        .formatted(what, i, found[i], tolerance, expected[i]));
            }
        }
    }
}
