package org.focaldistill.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.metrics.Evaluation;
import org.focaldistill.metrics.Predictions;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.ExecutorPatience;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.cluster.StopSwitch;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.ExecutorCache;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.store.CheckpointFiles;
import org.focaldistill.store.DiskException;
import org.focaldistill.store.EventLog;
import org.focaldistill.store.Lease;
import org.focaldistill.store.Leftovers;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.store.WritePermit;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.SweepEvent;
import org.focaldistill.sweep.TrialOutcome.TeacherMetrics;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.text.Causes;
import org.focaldistill.train.Logits;
import org.focaldistill.train.TrainingData;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Safetensors;
import org.jspecify.annotations.Nullable;

/** Trains teachers, and gets trained ones ready for a sweep. */
public final class TeacherJob {
    private final SparkCluster cluster;
    private final Console console;
    private final RunSettings settings;
    private final Computation computation;

    /** @param computation what trains and runs them */
    public TeacherJob(SparkCluster cluster, Console console, RunSettings settings, Computation computation) {
        this.cluster = cluster;
        this.console = console;
        this.settings = settings;
        this.computation = computation;
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

    /** Told once, when that is known, how fast they train. */
    public interface SpeedListener {
        /**
         * Tells it.
         *
         * @param secondsLeft until all are trained
         * @param multiplyAddsPerSecond of one slot, as {@link ImageCost} counts them
         */
        void trainsAt(double secondsLeft, double multiplyAddsPerSecond) throws IOException;
    }

    /**
     * Trains teachers of one folder side by side, as many at a time as there are slots, and writes their model files with
     * their test metrics. One that fails does not stop the others. Called again after an interruption it goes on where it
     * was.
     *
     * @return whether all were trained to the end; false if told to stop
     * @throws IOException if one diverged or failed, with those of the others suppressed; or if executors can not compute so
     */
    public boolean train(List<Order> orders, DataLocation data) throws IOException {
        return train(orders, data, (left, speed) -> {});
    }

    /** The same, with somebody who is told how fast. */
    public boolean train(List<Order> orders, DataLocation data, SpeedListener listener) throws IOException {
        if (orders.isEmpty()) {
            return true;
        }
        cluster.requireAble(Set.of(computation));
        new TrainingKernels(cluster, Set.of(computation), false).require(settings.slowKernels(), console);
        Workload work = work(orders, data);
        Path folder = new Path(orders.get(0).uri()).getParent();
        ExecutorService threads =
                Executors.newFixedThreadPool(Math.min(orders.size(), Math.max(1, settings.slotsOf(cluster))));
        try (StopSwitch stop = new StopSwitch(cluster, console);
                Lease lease = Lease.take(cluster.hadoopConfiguration(), folder, console::line, stop::pullUntilLater);
                ExecutorPatience waiting = ExecutorPatience.begin(cluster, settings.executorPatience(), stop);
                Leftovers leftovers = Leftovers.sweep(cluster.hadoopConfiguration(), List.of(folder));
                EventLog events = new EventLog(cluster.hadoopConfiguration(), folder);
                Progress progress = Progress.shown(console, "teachers", work, once(listener));
                StopSwitch.Saving saving = stop.saving()) {
            List<Future<Boolean>> trainings = new ArrayList<>();
            for (Order order : orders) {
                trainings.add(threads.submit(() -> train(order, data, lease.permit(), stop, events, progress)));
            }
            return allOf(trainings);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Progress.Listener once(SpeedListener listener) {
        AtomicBoolean told = new AtomicBoolean();
        return progress -> {
            Progress.Pace pace = progress.pace();
            if (pace != null && pace.secondsLeft() > 0 && !told.get()) {
                listener.trainsAt(pace.secondsLeft(), pace.multiplyAddsPerSecond());
                told.set(true);
            }
        };
    }

    private static boolean allOf(List<Future<Boolean>> trainings) throws IOException {
        boolean all = true;
        IOException failure = null;
        for (Future<Boolean> training : trainings) {
            try {
                all &= training.get();
            } catch (ExecutionException e) {
                IOException own = e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
                if (failure == null) {
                    failure = own;
                } else {
                    failure.addSuppressed(own);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("Interrupted while teachers were trained");
            }
        }
        if (failure != null) {
            throw failure;
        }
        return all;
    }

    private Workload work(List<Order> orders, DataLocation data) throws IOException {
        ImageCost cost = new ImageCost(data::network);
        List<Workload.Training> trainings = new ArrayList<>();
        for (Order order : orders) {
            trainings.add(new Workload.Training(
                    order.name(),
                    order.recipe().epochs(),
                    newestEpoch(idleLeg(order, data)),
                    data.trainImages() - order.validationImages(),
                    cost.ofTraining(order.model(), null)));
        }
        return new Workload(trainings, cluster::trainedImages);
    }

    private int newestEpoch(Leg leg) throws IOException {
        return new CheckpointFiles(cluster.hadoopConfiguration(), new Path(leg.checkpoints())).newestEpoch();
    }

    private boolean train(
            Order order, DataLocation data, WritePermit permit, StopSwitch stop, EventLog events, Progress progress)
            throws IOException {
        TeacherLeg work = new TeacherLeg(leg(order, data, permit), order.uri(), order.name());
        String description = "teacher " + order.name() + " (" + order.model() + ")";
        AtomicReference<@Nullable Throwable> lastError = new AtomicReference<>();
        Instant start = Instant.now();
        progress.began();
        events.record(new SweepEvent.TeacherStarted(
                order.name(), order.model(), order.recipe().epochs()));
        LegReport report = new LegLoop(DriverClock.SYSTEM, stop::isOver, settings.attempts())
                .run(
                        1,
                        (attempt, startedAt, last) -> {
                            progress.leg(order.name(), last == null ? newestEpoch(work.leg()) : last.epochs());
                            return cluster.run(order.name(), description, work::run);
                        },
                        (attempt, startedAt, end, last, error) -> {
                            lastError.set(error);
                            if (error != null) {
                                progress.lost(order.name());
                                LegLoop.warn(description, attempt, error);
                            }
                        });
        if (report == null && stop.isOver()) {
            stop.requireApplication("The same command goes on with the " + description + " from its last checkpoint");
            return false;
        }
        double seconds = Duration.between(start, Instant.now()).toMillis() / 1e3;
        if (report == null) {
            Throwable error = lastError.get();
            String reason = error == null ? null : DiskException.sentence(error);
            events.record(new SweepEvent.TeacherFailed(order.name(), reason, seconds));
            progress.failed(order.name(), description + " failed: " + reason);
            throw new IOException("Cannot train the " + description, error);
        }
        events.record(new SweepEvent.TeacherEnded(
                order.name(), Objects.requireNonNull(report.status()), report.summary(), seconds));
        progress.ended(order.name(), description + ": " + report.summary());
        if (report.status() != TrialStatus.OK) {
            throw new IOException(
                    "The " + description + " diverged: " + report.summary() + ". A smaller learning rate may help.");
        }
        return true;
    }

    /** To be asked, not to be run. */
    private Leg idleLeg(Order order, DataLocation data) {
        return leg(order, data, new WritePermit(order.uri(), ""));
    }

    private Leg leg(Order order, DataLocation data, WritePermit permit) {
        Leg leg = new Leg(
                order.model(),
                order.loss(),
                order.recipe(),
                order.validationImages(),
                order.dataSeed(),
                order.initSeed(),
                computation,
                data,
                null,
                null,
                "",
                permit,
                settings.checkpointEpochs());
        // Beside the model; a changed order does not go on from another's checkpoints.
        String folder = ".checkpoints-" + order.name() + "-"
                + Integer.toHexString(leg.definition().hashCode());
        return leg.withCheckpoints(new Path(new Path(order.uri()).getParent(), folder).toString());
    }

    /**
     * Checks that a model file is the ordered teacher. One that does not say how it was trained, made elsewhere, is
     * taken as it is, except that its architecture must fit.
     *
     * @throws InvalidModelException if not; the message says what differs
     */
    public void requireAsOrdered(Order order, DataLocation data) throws IOException {
        requireAsOrdered(read(order), order, data);
    }

    private Safetensors read(Order order) throws IOException {
        return new ModelFiles(cluster.hadoopConfiguration()).read(new Path(order.uri()));
    }

    private void requireAsOrdered(Safetensors file, Order order, DataLocation data) throws InvalidModelException {
        List<String> differences = idleLeg(order, data).differences(file.metadata(), order.uri());
        if (!differences.isEmpty()) {
            throw new InvalidModelException("The teacher " + order.name() + " in " + order.uri()
                    + " was trained otherwise than the configuration has it: " + String.join("; ", differences)
                    + ". Train it anew with focaldistill teach " + order.name()
                    + " --again and the same -c and --set, or give it another name or paths.teachers.");
        }
    }

    /**
     * Finds a trained teacher and its test metrics, which are measured if the model file does not have them for these
     * images.
     *
     * @throws FileNotFoundException if there is no such model
     * @throws InvalidModelException if it is not the teacher ordered
     */
    public ReadyTeacher ready(Order order, DataLocation data) throws IOException {
        Safetensors file = read(order);
        requireAsOrdered(file, order, data);
        String name = order.name();
        TeacherLocation location =
                new TeacherLocation(order.uri(), order.model(), Safetensors.hash(file.tensors()), computation);
        TeacherMetrics metrics = TeacherHeader.metrics(file.metadata(), data);
        if (metrics == null) {
            console.line("Measuring teacher " + name + " on " + data.testImages() + " test images");
            metrics = measured(name, location, data);
        }
        return new ReadyTeacher(location, metrics, TeacherHeader.unseenSeed(file.metadata()));
    }

    private TeacherMetrics measured(String name, TeacherLocation location, DataLocation data) throws IOException {
        try {
            double[] measured =
                    cluster.runAside(name, "measure teacher " + name, (conf, images) -> measure(location, data, conf));
            return new TeacherMetrics(measured[0], measured[1], measured[2]);
        } catch (Exception e) {
            // Spark throws what it does not declare, around what the task threw: of its files, or a bug of ours.
            if (Causes.root(e) instanceof IOException) {
                throw new IOException("Cannot measure teacher " + name + ": " + Causes.sentence(e), e);
            }
            throw e;
        }
    }

    private static double[] measure(TeacherLocation teacher, DataLocation data, Configuration configuration)
            throws IOException {
        TrainingData images = ExecutorCache.OF_THIS_JVM.data(data, configuration);
        try (ExecutorCache.Loan loan = ExecutorCache.OF_THIS_JVM.teacher(teacher, data, configuration)) {
            double[] logits = loan.teacher().test();
            Logits.requireFinite(logits, data.classes(), teacher.uri());
            Evaluation test = Evaluation.of(Predictions.of(logits, images.test().labels()));
            return new double[] {test.top1(), test.nll(), test.ece()};
        }
    }
}
