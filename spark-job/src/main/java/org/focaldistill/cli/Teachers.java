package org.focaldistill.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.spark.RunSettings;
import org.focaldistill.spark.TeacherJob;
import org.focaldistill.spark.TrainingKernels;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.Seed;
import org.focaldistill.sweep.TrialOutcome.TeacherMetrics;

/** A configuration's teachers on a cluster. */
final class Teachers {
    private final FocalDistillConfig config;
    private final Inputs inputs;
    private final SparkCluster cluster;
    private final Console console;
    private final Computation computation;
    private final TeacherJob job;
    private final Map<String, ReadyTeacher> ready = new TreeMap<>();

    /** @throws IOException if the executors can not compute as the configuration wants it */
    Teachers(FocalDistillConfig config, Inputs inputs, SparkCluster cluster, Console console) throws IOException {
        this.config = config;
        this.inputs = inputs;
        this.cluster = cluster;
        this.console = console;
        this.computation =
                cluster.computation(config.run().engine(), config.run().numerics());
        this.job = new TeacherJob(cluster, console, runSettings(config), computation);
    }

    /**
     * Comes before anything is trained.
     *
     * @throws IOException if the executors can not compute so, or not at full speed, with what to do
     */
    void requireAble() throws IOException {
        cluster.requireAble(Set.of(computation));
        new TrainingKernels(cluster, Set.of(computation), config.sweep().workersPerTrial() > 1)
                .require(config.run().slowKernels(), console);
    }

    /** What trains and runs them, and their students. */
    Computation computation() {
        return computation;
    }

    static RunSettings runSettings(FocalDistillConfig config) {
        FocalDistillConfig.Run run = config.run();
        return new RunSettings(
                run.slots(),
                run.checkpointEpochs(),
                run.attempts(),
                run.slowKernels(),
                Duration.ofMinutes(run.executorWaitMinutes()));
    }

    boolean exist(String name) throws IOException {
        return new ModelFiles(cluster.hadoopConfiguration()).exists(new Path(inputs.teacherUri(name)));
    }

    /** Throws if the model file says that it was trained otherwise than the configuration has it. */
    void requireAsConfigured(String name) throws IOException {
        job.requireAsOrdered(inputs.order(name), inputs.dataLocation());
    }

    /** Whether all were trained to the end. */
    boolean train(List<String> names, TeacherJob.SpeedListener listener) throws IOException {
        return job.train(names.stream().map(inputs::order).toList(), inputs.dataLocation(), listener);
    }

    /** Stands for one that is not trained yet. It has a hash of its own, so that all its trials are new. */
    static ReadyTeacher unknown(TeacherJob.Order order, Computation computation) {
        TeacherLocation location =
                new TeacherLocation(order.uri(), order.model(), "unknown-" + order.name(), computation);
        return new ReadyTeacher(location, new TeacherMetrics(0, 0, 0), null);
    }

    /** Their architectures, by name. */
    static Map<String, String> models(Map<String, ReadyTeacher> teachers) {
        Map<String, String> models = new TreeMap<>();
        teachers.forEach((name, teacher) -> models.put(name, teacher.location().model()));
        return models;
    }

    /** Teachers that exist, by name, with their accuracy printed once. */
    Map<String, ReadyTeacher> ready(List<String> names) throws IOException {
        Map<String, ReadyTeacher> wanted = new TreeMap<>();
        for (String name : names) {
            ReadyTeacher teacher = ready.get(name);
            if (teacher == null) {
                teacher = job.ready(inputs.order(name), inputs.dataLocation());
                sayHowGood(name, teacher);
                ready.put(name, teacher);
            }
            wanted.put(name, teacher);
        }
        return wanted;
    }

    private void sayHowGood(String name, ReadyTeacher teacher) {
        TeacherMetrics metrics = teacher.metrics();
        console.line(String.format(
                Locale.ROOT,
                "Teacher %s (%s): test top-1 %.2f %%, NLL %.4f, ECE %.2f %% on %d images",
                name,
                teacher.location().model(),
                100 * metrics.testTop1(),
                metrics.testNll(),
                100 * metrics.testEce(),
                inputs.dataRef().testImages()));
        warnOfSeenValidation(teacher);
    }

    private void warnOfSeenValidation(ReadyTeacher teacher) {
        int heldOut = config.data().validation();
        List<Long> seeds = config.sweep().seeds().all().stream()
                .filter(seed -> teacher.mayHaveSeenValidationOf(seed.dataStream()))
                .map(Seed::data)
                .distinct()
                .toList();
        if (heldOut > 0 && !seeds.isEmpty()) {
            console.line("  It may have been trained on the " + heldOut + " images that seeds " + seeds
                    + " hold out: what is chosen on those (best epoch, calibration temperature) may come out too well."
                    + " Test figures are not affected.");
        }
    }
}
