package org.focaldistill.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.spark.SparkException;
import org.focaldistill.data.InvalidDataException;
import org.junit.jupiter.api.Test;

class TaskFailureTest {
    @Test
    void the_words_of_spark_name_the_executor_and_say_whether_it_was_lost() {
        Exception lost = new IllegalStateException(new SparkException(
                "Job aborted due to stage failure: Task 0 in stage 3.0 failed 1 times, most recent failure: Lost task 0.0 in"
                        + " stage 3.0 (TID 12) (gpu-7.example executor 42): ExecutorLostFailure (executor 42 exited caused"
                        + " by one of the running tasks) Reason: Command exited with code 137\nDriver stacktrace:"));
        assertThat(TaskFailure.executor(lost)).isEqualTo("42");
        assertThat(TaskFailure.isLoss(lost)).isTrue();
        assertThat(TaskFailure.isTakenAway(lost)).isFalse();
        Exception failed =
                new SparkException("Lost task 0.0 in stage 3.0 (TID 12) (a executor driver): java.io.IOException");
        assertThat(TaskFailure.executor(failed)).isEqualTo("driver");
        assertThat(TaskFailure.isLoss(failed)).isFalse();
        assertThat(TaskFailure.executor(new IOException("(TID 1) (a executor 2): no task's")))
                .isNull();
        assertThat(TaskFailure.executor(new SparkException("Job 3 cancelled"))).isNull();
    }

    @Test
    void what_no_attempt_mends_is_told_wherever_it_is_among_the_causes() {
        assertThat(TaskFailure.isFinal(new IllegalStateException(new InvalidDataException("damaged"))))
                .isTrue();
        assertThat(TaskFailure.isFinal(new IOException("gone for a while"))).isFalse();
    }
}
