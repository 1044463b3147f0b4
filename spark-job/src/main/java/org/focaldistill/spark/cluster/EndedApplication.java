package org.focaldistill.spark.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An application that its cluster has ended: YARN after its application master was lost too often, a standalone master
 * that was told to, or either after too many executors failed. Spark then stops in the driver and says why in its log.
 */
public final class EndedApplication {
    static final String SENTENCE = "The cluster has ended Spark's application before its work was done; Spark's errors"
            + " above say why, and on YARN 'yarn logs -applicationId ID' what its containers wrote";

    /** Spark has no exception of its own for it, only these words. */
    private static final List<String> WORDS = List.of("SparkContext was shut down", "stopped SparkContext");

    private EndedApplication() {}

    /**
     * What a failure that comes of it says.
     *
     * @return null if it does not come of it
     */
    public static @Nullable String explanation(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.equals(SENTENCE) || WORDS.stream().anyMatch(message::contains)) {
                return SENTENCE + ". Give the same command again";
            }
        }
        return null;
    }
}
