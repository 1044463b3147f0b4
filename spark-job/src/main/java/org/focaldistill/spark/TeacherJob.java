package org.focaldistill.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.metrics.Evaluation;
import org.focaldistill.metrics.Predictions;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.sweep.TrialOutcome.TeacherMetrics;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.train.Recipe;
import org.focaldistill.train.TrainingData;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Safetensors;
import org.jspecify.annotations.Nullable;

/** Trains teachers, and gets trained ones ready for a sweep. */
public final class TeacherJob {
    private final SparkCluster cluster;
    private final Console console;
    private final RunSettings settings;

    public TeacherJob(SparkCluster cluster, Console console, RunSettings settings) {
        this.cluster = cluster;
        this.console = console;
        this.settings = settings;
    }

    /**
     * A teacher to train.
     *
     * @param name what it is called
     * @param uri where its model file goes
     * @param model its architecture
     * @param loss without a distillation term
     * @param validationImages held-out training images
     */
    public record Order(
            String name,
            String uri,
            String model,
            LossSettings loss,
            Recipe recipe,
            int validationImages,
            long dataSeed,
            long initSeed) {}

    /**
     * Trains a teacher and writes its model file with its test metrics. Called again after an interruption it goes on
     * where it was.
     *
     * @return whether it was trained to the end; false if told to stop
     * @throws IOException if it diverged or failed
     */
    public boolean train(Order order, DataLocation data) throws IOException {
        Leg leg = new Leg(
                order.model(),
                order.loss(),
                order.recipe(),
                order.validationImages(),
                order.dataSeed(),
                order.initSeed(),
                data,
                null,
                checkpoints(order, data),
                settings.checkpointEpochs());
        TeacherLeg work = new TeacherLeg(leg, order.uri(), order.name());
        long images = (long) order.recipe().epochs() * (data.trainImages() - order.validationImages());
        String description = "teacher " + order.name() + " (" + order.model() + ")";
        AtomicReference<@Nullable Throwable> lastError = new AtomicReference<>();
        try (StopSwitch stop = new StopSwitch(cluster, console);
                Progress progress = new Progress(console, "teachers", 1, images, cluster::trainedImages)) {
            progress.began();
            LegReport report = new LegLoop(cluster, stop, settings.attempts())
                    .run(
                            order.name(),
                            description,
                            1,
                            (attempt, startedAt) -> work::run,
                            (attempt, startedAt, end, last, error) -> lastError.set(error));
            if (report == null && stop.isPulled()) {
                return false;
            }
            if (report == null) {
                throw new IOException("Cannot train the " + description, lastError.get());
            }
            if (report.status() != TrialStatus.OK) {
                throw new IOException("The " + description + " diverged: " + report.summary()
                        + ". A smaller learning rate may help.");
            }
            progress.ended(description + ": " + report.summary());
            return true;
        }
    }

    /** Beside the model; a changed order does not go on from another's checkpoints. */
    private static String checkpoints(Order order, DataLocation data) {
        String settings = order.model() + order.loss() + order.recipe() + order.validationImages() + order.dataSeed()
                + " " + order.initSeed() + data.hash() + data.trainImages();
        Path file = new Path(order.uri());
        return new Path(
                        file.getParent(),
                        ".checkpoints-" + order.name() + "-" + Integer.toHexString(settings.hashCode()))
                .toString();
    }

    /**
     * Finds a trained teacher and its test metrics, which are measured if the model file does not have them for these
     * images.
     *
     * @throws FileNotFoundException if there is no such model
     */
    public ReadyTeacher ready(String name, String uri, String model, DataLocation data) throws IOException {
        Safetensors file = new ModelFiles(cluster.hadoopConfiguration()).read(new Path(uri));
        String found = file.metadata().getOrDefault("model", model);
        if (!found.equals(model)) {
            throw new InvalidModelException(
                    "The teacher " + name + " is configured as " + model + ", but " + uri + " holds a " + found);
        }
        TeacherLocation location = new TeacherLocation(uri, model, Safetensors.hash(file.tensors()));
        TeacherMetrics metrics = TeacherHeader.metrics(file.metadata(), data);
        if (metrics == null) {
            console.line("Measuring teacher " + name + " on " + data.testImages() + " test images");
            double[] measured =
                    cluster.run(name, "measure teacher " + name, (conf, images) -> measure(location, data, conf));
            metrics = new TeacherMetrics(measured[0], measured[1], measured[2]);
        }
        return new ReadyTeacher(location, metrics);
    }

    private static double[] measure(TeacherLocation teacher, DataLocation data, Configuration configuration)
            throws IOException {
        TrainingData images = ExecutorCache.OF_THIS_JVM.data(data, configuration);
        try (ExecutorCache.Loan loan = ExecutorCache.OF_THIS_JVM.teacher(teacher, data, configuration)) {
            int[] labels = new int[images.test().size()];
            Arrays.setAll(labels, images.test()::label);
            Evaluation test = Evaluation.of(Predictions.of(loan.teacher().test(), labels));
            return new double[] {test.top1(), test.nll(), test.ece()};
        }
    }
}
