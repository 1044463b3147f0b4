package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.focaldistill.sweep.SampleOutcomes.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.spark.gpu.SlotPlace;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.OpenEpochRow;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.sweep.Trial;
import org.focaldistill.train.EpochResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenCourseTest {
    private static final Trial TRIAL = trial(0.1, 0.9, 0.01, 1);

    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private ResultStore store;
    private OpenCourse course;

    @BeforeEach
    void begin() throws IOException {
        store = new ResultStore(new Configuration(), new org.apache.hadoop.fs.Path(folder.toUri()));
        SlotPlace place = new SlotPlace("worker-7", "gpu 2", "native");
        course = new OpenCourse(store.openEpochs(), TRIAL, 3, place, nanos::get);
    }

    private void after(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static List<EpochResult> history(int epochs) {
        return IntStream.rangeClosed(1, epochs)
                .mapToObj(epoch -> {
                    LossComponents parts = new LossComponents(1, 4.0 / epoch, 2);
                    return new EpochResult(epoch, 0.05, new SplitLoss(3, parts), null, null, null, 1.5, 2, 400);
                })
                .toList();
    }

    private List<OpenEpochRow> shown() throws IOException {
        return store.openEpochs().course(TRIAL.id());
    }

    @Test
    void epochs_can_be_read_while_the_leg_goes_on() throws IOException {
        after(OpenCourse.PAUSE);
        course.completed(history(2));
        course.close();

        assertThat(shown()).hasSize(2).allSatisfy(row -> {
            assertThat(row.trial()).isEqualTo(TRIAL);
            assertThat(row.attempt()).isEqualTo(3);
            assertThat(row.host()).isEqualTo("worker-7");
            assertThat(row.device()).isEqualTo("gpu 2");
            assertThat(row.epoch().imagesPerSecond()).isEqualTo(200);
        });
        assertThat(shown().get(1).epoch().train().components().ce()).isEqualTo(2);
    }

    @Test
    void epochs_that_take_less_than_the_pause_are_written_together() throws IOException {
        course.completed(history(1));
        after(OpenCourse.PAUSE.dividedBy(2));
        course.completed(history(2));
        course.close();
        assertThat(shown()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_leg_that_ends_leaves_all_of_them() throws IOException {
        course.completed(history(1));
        course.left(history(2));
        course.close();
        assertThat(shown()).hasSize(2);
    }

    @Test
    void what_was_just_written_is_not_written_again_at_the_leg_s_end() throws IOException {
        after(OpenCourse.PAUSE);
        course.completed(history(2));
        course.left(history(2));
        Object first = Files.getAttribute(folder.resolve("open_epochs/" + TRIAL.id() + ".parquet"), "unix:ino");
        course.left(history(2));
        course.close();
        assertThat(Files.getAttribute(folder.resolve("open_epochs/" + TRIAL.id() + ".parquet"), "unix:ino"))
                .isEqualTo(first);
    }

    @Test
    void a_leg_without_an_epoch_leaves_nothing() {
        course.left(List.of());
        course.close();
        assertThat(folder).isEmptyDirectory();
    }

    /** A file where the table's folder belongs. */
    @Test
    void training_goes_on_where_epochs_can_not_be_shown() throws IOException {
        Files.writeString(folder.resolve("open_epochs"), "in the way");
        after(OpenCourse.PAUSE);
        course.completed(history(1));
        course.left(history(2));
        course.close();
        assertThat(folder.resolve("open_epochs")).hasContent("in the way");
    }
}
