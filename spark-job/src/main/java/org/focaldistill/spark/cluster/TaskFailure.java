package org.focaldistill.spark.cluster;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;
import org.focaldistill.data.InvalidDataException;
import org.focaldistill.train.ForeignCheckpointException;
import org.jspecify.annotations.Nullable;

/** What can be told from the exception of a failed job. Spark has words alone for where and why a task was lost. */
public final class TaskFailure {
    private static final Pattern PLACE = Pattern.compile("\\(TID \\d+\\) \\((\\S+) executor (\\S+?)\\):");
    private static final String EXECUTOR_LOST = "ExecutorLostFailure";
    /** Said of an executor that was preempted, or went with its machine: Spark knows that no task did it. */
    static final String TAKEN_AWAY = "Executor taken away: ";

    private TaskFailure() {}

    /** Whether the executor was lost under the task. */
    public static boolean isLoss(Throwable failure) {
        return sparkSays(EXECUTOR_LOST, failure);
    }

    /** Whether it was lost by the cluster's will or its machine's end, which says nothing of task and executor. */
    public static boolean isTakenAway(Throwable failure) {
        return sparkSays(TAKEN_AWAY, failure);
    }

    private static boolean sparkSays(String words, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SparkException
                    && String.valueOf(cause.getMessage()).contains(words)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a further attempt would end as this one, wherever it is made: images that are damaged stay so, and another
     * engine's checkpoint stays there.
     */
    public static boolean isFinal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NoRetryException
                    || cause instanceof InvalidDataException
                    || cause instanceof ForeignCheckpointException) {
                return true;
            }
        }
        return false;
    }

    /** Spark's id of the executor where a task failed; null if no task did. */
    static @Nullable String executor(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SparkException) {
                Matcher place = PLACE.matcher(String.valueOf(cause.getMessage()));
                if (place.find()) {
                    return place.group(2);
                }
            }
        }
        return null;
    }
}
