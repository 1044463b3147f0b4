package org.focaldistill.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class CausesTest {
    @Test
    void the_first_line_of_the_innermost_cause_counts() {
        IOException first = new IOException("The disk is full\n\tat a.B.c");
        assertThat(Causes.sentence(new IllegalStateException("Job aborted", new IOException(first))))
                .isEqualTo("The disk is full");
    }

    @Test
    void what_is_no_sentence_is_given_with_its_kind() {
        assertThat(Causes.sentence(new NoSuchFileException("/a"))).isEqualTo("NoSuchFileException: /a");
        assertThat(Causes.sentence(new StackOverflowError())).isEqualTo("StackOverflowError");
    }

    @Test
    void of_what_spark_says_about_a_task_without_a_cause_the_task_s_own_words_stay() {
        String job =
                "Job aborted due to stage failure: Task 0 in stage 3.0 failed 1 times, most recent failure: Lost task 0.0"
                        + " in stage 3.0 (TID 3) (10.0.0.7 executor 1): ";
        assertThat(Causes.sentence(new Exception(job
                        + "ExecutorLostFailure (executor 1 exited unrelated to the running tasks) Reason: Command exited"
                        + " with code 137\nDriver stacktrace:")))
                .isEqualTo(
                        "ExecutorLostFailure (executor 1 exited unrelated to the running tasks) Reason: Command exited"
                                + " with code 137");
        assertThat(Causes.sentence(new Exception(job + "java.io.IOException: damaged\n\tat a.B.c")))
                .isEqualTo("java.io.IOException: damaged");
    }
}
