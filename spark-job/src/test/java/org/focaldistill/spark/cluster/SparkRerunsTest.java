package org.focaldistill.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.executor.ExecutorMetrics;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.apache.spark.storage.RDDInfo;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.collection.JavaConverters;

class SparkRerunsTest {
    private final List<String> cancelled = new ArrayList<>();
    private final SparkReruns reruns = new SparkReruns((stage, why) -> cancelled.add(why));

    @Test
    void a_preempted_task_of_a_watched_job_is_ended_as_lost_and_marked_as_taken_away() {
        begin(SparkReruns.mark(new SparkConf(false).set("spark.task.maxFailures", "1")));
        lose(true);
        assertThat(cancelled).isEmpty();
        lose(false);
        SparkException failure = new SparkException(cancelled.get(0));
        assertThat(TaskFailure.executor(failure)).isEqualTo("4");
        assertThat(TaskFailure.isLoss(failure)).isTrue();
        assertThat(TaskFailure.isTakenAway(failure)).isTrue();
    }

    @Test
    void where_the_user_has_spark_try_tasks_again_none_is_ended() {
        begin(SparkReruns.mark(new SparkConf(false).set("spark.task.maxFailures", "4")));
        lose(false);
        assertThat(cancelled).isEmpty();
    }

    private void begin(String mark) {
        Properties properties = new Properties();
        if (mark != null) {
            properties.setProperty("focaldistill.placed", mark);
        }
        List<StageInfo> stages = List.of(new StageInfo(
                7,
                0,
                "stage",
                1,
                JavaConverters.asScalaBuffer(List.<RDDInfo>of()).toSeq(),
                JavaConverters.asScalaBuffer(List.<Object>of()).toSeq(),
                "",
                null,
                null,
                Option.empty(),
                0,
                false,
                0));
        reruns.onJobStart(new SparkListenerJobStart(
                1, 0, JavaConverters.asScalaBuffer(stages).toSeq(), properties));
    }

    private void lose(boolean byTask) {
        TaskInfo task = new TaskInfo(9, 0, 0, 0, 0, "4", "there", TaskLocality.ANY(), false);
        reruns.onTaskEnd(new SparkListenerTaskEnd(
                7,
                0,
                "ResultTask",
                new ExecutorLostFailure("4", byTask, Option.apply("preempted")),
                task,
                new ExecutorMetrics(),
                null));
    }
}
