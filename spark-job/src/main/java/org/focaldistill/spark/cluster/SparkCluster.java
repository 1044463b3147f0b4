package org.focaldistill.spark.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.focaldistill.spark.gpu.ExecutorReports;
import org.focaldistill.spark.gpu.GpuPlugin;
import org.focaldistill.spark.gpu.GpuSettings;
import org.focaldistill.spark.slots.SlotNews;
import org.focaldistill.spark.slots.SlotPool;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.EngineChoice;
import org.focaldistill.sweep.NumericsChoice;
import org.focaldistill.text.MachineName;
import org.focaldistill.text.Words;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running Spark application, as the driver uses it: one job at a time from each of its threads. */
public final class SparkCluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SparkCluster.class);
    /** A worker may have to be sent hundreds of megabytes before an executor of it starts. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final JavaSparkContext spark;
    private final TrainedImages images;
    private final SlotPool slots;
    private final PlacedJobs jobs;
    private final ClusterExecutors executors;

    private SparkCluster(JavaSparkContext spark) {
        this.spark = spark;
        this.slots = new SlotPool(() -> spark.sc().isStopped(), DynamicAllocation.mostSlots(spark.getConf()));
        this.executors = new ClusterExecutors(spark.sc(), slots);
        this.jobs = new PlacedJobs(spark, slots);
        this.images = new TrainedImages();
        spark.sc().addSparkListener(images);
    }

    /**
     * Starts the application, see {@link SparkStart}. On a cluster, waits until executors are there.
     *
     * @param name shown in Spark's pages
     * @throws IOException if Spark can not start, if no executor comes, or if they do not get the GPUs that were asked for
     */
    public static SparkCluster start(String name) throws IOException {
        JavaSparkContext spark = SparkStart.start(name, SparkCluster::context);
        try {
            SparkCluster cluster = new SparkCluster(spark);
            cluster.awaitExecutors();
            return cluster;
        } catch (IOException | RuntimeException e) {
            spark.close();
            throw e;
        }
    }

    private static JavaSparkContext context(SparkConf conf) throws IOException {
        complete(conf);
        GpuSettings.complete(conf);
        DynamicAllocation.complete(conf);
        String others = conf.get("spark.plugins", "");
        conf.set("spark.plugins", (others.isEmpty() ? "" : others + ",") + GpuPlugin.class.getName());
        return new JavaSparkContext(conf);
    }

    private static void complete(SparkConf conf) {
        conf.setIfMissing("spark.ui.showConsoleProgress", "false")
                // Trials are retried here, from their last checkpoint; a second copy of one would be a second writer.
                .setIfMissing("spark.task.maxFailures", "1")
                .set("spark.speculation", "false")
                // Trials of several slots each take their turns; within the pool of all others jobs stay in order.
                .setIfMissing("spark.scheduler.mode", "FAIR")
                // Of weeks some executors are lost: YARN ends an application for too many losses of an hour, not of
                // all.
                .setIfMissing("spark.executor.failuresValidityInterval", "1h")
                // A name node that restarts is waited for: 15 times 2 s, then 60 times 10 s. Without this, HDFS's
                // clients try once.
                .setIfMissing("spark.hadoop.dfs.client.retry.policy.enabled", "true")
                .setIfMissing("spark.hadoop.dfs.client.retry.policy.spec", "2000,15,10000,60")
                .setIfMissing("spark.locality.wait", "0")
                // One native thread a slot: slots that share cores with teams of threads slow each other down.
                .setIfMissing("spark.executorEnv.OMP_NUM_THREADS", "1")
                .setIfMissing("spark.executorEnv.OPENBLAS_NUM_THREADS", "1");
    }

    private void awaitExecutors() throws IOException {
        SparkConf conf = spark.getConf();
        ExecutorReports reports = ExecutorReports.OF_THIS_DRIVER;
        if (GpuSettings.isLocal(conf)) {
            slots.come(
                    SparkEnv.get().executorId(),
                    MachineName.get(),
                    GpuSettings.slots(conf, spark.defaultParallelism()));
        } else {
            reports.follow(executors);
            new ClusterSlots(spark.sc(), slots::executors, PATIENCE).await();
            executors.judge();
        }
        leaveOut(reports.problems());
    }

    /**
     * A machine that broke is no reason not to begin, or a driver that is lost could not be followed by another one.
     *
     * @throws IOException if none would be left
     */
    private void leaveOut(ExecutorReports.Judged judged) throws IOException {
        if (judged.isAll()) {
            throw new IOException(ExecutorReports.lines(judged.unfit()));
        }
        for (ExecutorReports.Unfit each : judged.unfit()) {
            LOG.warn("{}. Nothing is run there, the others go on", each.sentence());
            ExecutorReports.OF_THIS_DRIVER.leaveOut(each.executor());
            slots.refuse(each.executor(), each.why());
        }
    }

    /** Whom to tell of executors that come, go or are kept from work, from now on. */
    public void follow(SlotNews follower) {
        slots.follow(follower);
    }

    /** Tells nobody any more. */
    public void unfollow() {
        slots.unfollow();
    }

    /** Executors that would train slowly on CPUs get nothing, also those that come later, if any are left that would not. */
    public void leaveOutSlow() throws IOException {
        executors.refuseSlow();
        leaveOutBesideOthers(ExecutorReports.OF_THIS_DRIVER.slow());
    }

    /**
     * Executors that surely have no memory for a trial on CPUs that takes so many bytes get nothing, also those that come later,
     * if any are left that may.
     */
    public void leaveOutSmall(long bytes) throws IOException {
        ExecutorReports.Judged small = ExecutorReports.OF_THIS_DRIVER.withoutRoom(bytes);
        executors.refuseSmall(small.isAll() ? 0 : bytes);
        leaveOutBesideOthers(small);
    }

    private void leaveOutBesideOthers(ExecutorReports.Judged judged) throws IOException {
        if (!judged.isAll()) {
            leaveOut(judged);
        }
    }

    /** Executors and machines that get no work at the moment. */
    public List<SlotPool.Kept> kept() {
        return slots.kept();
    }

    /**
     * What the executors are to compute with.
     *
     * @throws IOException if that depends on the executor, with what to do
     */
    public Computation computation(EngineChoice engine, NumericsChoice numerics) throws IOException {
        return ExecutorReports.OF_THIS_DRIVER.choose(engine, numerics);
    }

    /** How many of so many slots an executor has. */
    public int slotsOfExecutor(int of) {
        int executors = Math.max(1, ExecutorReports.OF_THIS_DRIVER.count());
        int most = DynamicAllocation.isOn(spark.getConf())
                ? GpuSettings.slots(spark.getConf(), spark.getConf().getInt("spark.executor.cores", 1))
                : of;
        return Math.min(most, Math.max(1, (of + executors - 1) / executors));
    }

    /** Why cards are not used where there is a driver, a sentence each. */
    public List<String> unusedCards() {
        return ExecutorReports.OF_THIS_DRIVER.unusedCards();
    }

    /**
     * Comes before anything is trained. Executors that can not compute so get nothing.
     *
     * @throws IOException if none can, or if all would leave a GPU that they were given idle; with what to do
     */
    public void requireAble(Set<Computation> computations) throws IOException {
        executors.ask(computations);
        for (Computation each : computations) {
            leaveOut(ExecutorReports.OF_THIS_DRIVER.against(each));
        }
    }

    /** Whether work can count on any executor; Spark's dynamic allocation starts some when there is work. */
    boolean hasSlots() {
        return slots.slots() > 0;
    }

    /** Whether the application has ended, closed from here or by its cluster. */
    boolean hasEnded() {
        return spark.sc().isStopped();
    }

    public Configuration hadoopConfiguration() {
        return spark.hadoopConfiguration();
    }

    /** Where Spark's own page is; empty if it is switched off. */
    public String webPage() {
        return spark.sc().uiWebUrl().getOrElse(() -> "");
    }

    /**
     * Tasks that run at a time: the executors' cores and, if tasks take GPUs, shares of GPUs. Executors that come and go
     * change it.
     */
    public int slots() {
        return Math.max(1, slots.slots());
    }

    /**
     * A path for tasks on all machines: on a cluster a relative one would be in each executor's own working directory.
     */
    public String everywhere(String path) {
        if (GpuSettings.isLocal(spark.getConf())) {
            return path;
        }
        try {
            Path given = new Path(path);
            return given.getFileSystem(hadoopConfiguration())
                    .makeQualified(given)
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot use the path " + path + ": " + Words.reason(e), e);
        }
    }

    /** Images trained by all tasks of a group so far, with those of running ones as far as their executors have told. */
    public long trainedImages(String group) {
        return images.of(group);
    }

    /** Counts the images that a job's tasks train, into {@link #trainedImages}. */
    public static LongAccumulator imageCounter(SparkContext spark) {
        return spark.longAccumulator(TrainedImages.ACCUMULATOR);
    }

    /**
     * What a task does.
     *
     * @param <R> what it gives back
     */
    public interface Work<R> extends java.io.Serializable {
        /** @param trainedImages to be told how many, as soon as they are */
        R run(Configuration configuration, LongAccumulator trainedImages) throws IOException;
    }

    /**
     * Runs work in one task and waits for it. It gets a slot of an executor where it has not failed before, if there is
     * one.
     *
     * @param group the job's group in Spark's pages, with which it can be cancelled
     * @param description for Spark's pages: the job's, and its stage's in place of a line of code
     * @throws TaskFailedException if the task failed
     */
    public <R> R run(String group, String description, Work<R> work) {
        return jobs.run(group, description, work, true);
    }

    /**
     * As {@link #run}, for work that takes less of an executor than a leg does: that it succeeds does not show that legs
     * would.
     */
    public <R> R runAside(String group, String description, Work<R> work) {
        return jobs.run(group, description, work, false);
    }

    /**
     * What a thread of the driver does with Spark jobs of its own.
     *
     * @param <R> what it gives back
     */
    public interface DriverWork<R> {
        /**
         * @param configuration for the tasks
         * @param locations where tasks that run side by side are best, for {@link PlacedPartitions}
         */
        R run(JavaSparkContext spark, SerializableConfiguration configuration, List<String> locations)
                throws IOException;
    }

    /**
     * Runs work on the calling thread that submits Spark jobs of its own, in a pool of their own.
     *
     * @param group their group and their pool
     * @param description for Spark's pages
     * @param tasks that each of its jobs has
     * @throws TaskFailedException if a task failed
     */
    public <R> R drive(String group, String description, int tasks, DriverWork<R> work) throws IOException {
        return jobs.drive(group, description, tasks, work);
    }

    /** Asks all running tasks to stop and waits until they have, or the application has ended. */
    void cancelAll(Duration patience) {
        slots.close();
        // Again and again: a thread may be about to submit a job.
        await(patience, this::cancelJobs, () -> jobs.running() + images.runningTasks() == 0);
    }

    /** Waits until no task runs, or the application has ended. */
    void awaitTasks(Duration patience) {
        await(patience, () -> {}, () -> images.runningTasks() == 0);
    }

    private void await(Duration patience, Runnable meanwhile, BooleanSupplier done) {
        long deadline = System.nanoTime() + patience.toNanos();
        do {
            meanwhile.run();
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        } while (!done.getAsBoolean() && !spark.sc().isStopped() && System.nanoTime() < deadline);
    }

    /** The main thread may close the application at any time: its work is over when the last job is. */
    private void cancelJobs() {
        try {
            spark.sc().cancelAllJobs();
        } catch (IllegalStateException e) {
            if (!spark.sc().isStopped()) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        slots.endNews();
        spark.close();
    }
}
