package org.focaldistill.spark;

import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.LongAccumulator;
import org.focaldistill.spark.gpu.Engines;
import org.focaldistill.spark.gpu.SlotPlace;
import org.focaldistill.store.CheckpointFiles;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.sweep.stop.Stop;
import org.focaldistill.train.Engine;
import org.focaldistill.train.EpochResult;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.weights.ImageHeader;
import org.focaldistill.weights.Safetensors;
import org.jspecify.annotations.Nullable;

/**
 * A leg of a trial and what to do with its result.
 *
 * @param trial the trial
 * @param leg its next leg
 * @param teacherMetrics how its teacher does on the test images
 * @param results the results folder
 * @param attempt 1-based try at the trial
 * @param startedAtMillis when this try began, in milliseconds since 1970
 * @param codeVersion of the driver
 * @param stop why it is to end with the epochs it has; null to train its next ones
 */
record TrialLeg(
        Trial trial,
        Leg leg,
        TrialOutcome.TeacherMetrics teacherMetrics,
        String results,
        int attempt,
        long startedAtMillis,
        String codeVersion,
        @Nullable Stop stop)
        implements Serializable {
    /** Runs in a task. A diverged trial is a result like any other; only what keeps it from having one is thrown. */
    LegReport run(Configuration configuration, LongAccumulator trainedImages) throws IOException {
        Engine engine = Engines.of(leg.computation());
        return run(configuration, LegRunner.inTask(configuration, trainedImages, engine), SlotPlace.here(engine));
    }

    /** One for a driver that measures where it is, and need not have a card. */
    TrialLeg measuredOnCpus() {
        return new TrialLeg(
                trial, leg.withTeacherOnCpus(), teacherMetrics, results, attempt, startedAtMillis, codeVersion, stop);
    }

    /** Runs where the runner does. */
    LegReport run(Configuration configuration, LegRunner runner, SlotPlace place) throws IOException {
        ResultStore store = new ResultStore(configuration, new Path(results));
        TrialTrainer.LegOutcome outcome;
        try (OpenCourse course = new OpenCourse(store.openEpochs(), trial, attempt, place)) {
            outcome = stop == null
                    ? runner.run(leg, course::completed)
                    : runner.measure(leg, stop.epochs(), course::completed);
            course.left(LegRunner.history(outcome));
        }
        leg.permit().requireValid(configuration);
        if (outcome instanceof TrialTrainer.Finished finished) {
            Path student = store.student(trial.id());
            new ModelFiles(configuration)
                    .replace(student, new Safetensors(finished.state().tensors(), about(finished.measured())));
            TrialOutcome row = OutcomeRows.finished(this, finished, place, student.toString());
            store.commit(
                    row,
                    OutcomeRows.epochs(trial.id(), finished.state().history()),
                    OutcomeRows.reliability(trial.id(), finished.measured()));
            deleteCheckpoints(configuration);
            return report(finished.state().history(), row.status(), summary(row, finished), place);
        }
        if (outcome instanceof TrialTrainer.Diverged diverged) {
            TrialOutcome row = OutcomeRows.diverged(this, diverged, place);
            store.commit(row, OutcomeRows.epochs(trial.id(), diverged.history()), List.of());
            deleteCheckpoints(configuration);
            return report(diverged.history(), row.status(), String.valueOf(row.statusDetail()), place);
        }
        return report(LegRunner.history(outcome), null, "", place);
    }

    private static LegReport report(
            List<EpochResult> history, @Nullable TrialStatus status, String summary, SlotPlace place) {
        return new LegReport(
                history.size(), status, summary, place.host(), place.device(), OutcomeRows.heldOut(history));
    }

    private static String summary(TrialOutcome row, TrialTrainer.Finished finished) {
        return String.format(
                Locale.ROOT,
                "%stest top-1 %.2f %%, loss %.4f",
                row.statusDetail() == null ? "" : row.statusDetail() + "; ",
                100 * finished.measured().evaluation().top1(),
                finished.measured().loss().total());
    }

    private Map<String, String> about(TrialTrainer.Measured measured) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("format", "focaldistill student 1");
        about.put("model", trial.student());
        about.put("classes", Integer.toString(leg.data().classes()));
        about.putAll(ImageHeader.of(leg.data().images()));
        about.put("trial_id", trial.id());
        about.put("trial", trial.canonical());
        if (measured.calibration() != null) {
            double temperature = measured.calibration().byNll().temperature();
            about.put("calibration_temperature", Double.toString(temperature));
        }
        return about;
    }

    private void deleteCheckpoints(Configuration configuration) throws IOException {
        new CheckpointFiles(configuration, new Path(leg.checkpoints())).delete();
    }

    Instant startedAt() {
        return Instant.ofEpochMilli(startedAtMillis);
    }
}
