package org.focaldistill.spark.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.apache.hadoop.fs.Path;
import org.focaldistill.spark.LegReport;
import org.focaldistill.spark.RunSettings;
import org.focaldistill.spark.SweepJob;
import org.focaldistill.spark.bank.Banks;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.sweep.Axis;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.Pair;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.TeacherMode;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.jspecify.annotations.Nullable;

/** Measures whole sweeps, as {@link SweepJob} runs them. */
public final class SweepBenchmark {
    private static final int EPOCHS = 3;
    private static final long MEGABYTE = 1_000_000;

    private final SparkCluster cluster;
    private final DataRef images;
    private final DataLocation data;
    private final String folder;
    private final int rounds;
    private final BenchmarkTeachers teachers;
    private final Console silent =
            new Console(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false);
    private int sweeps;

    /**
     * @param images the images, none of them held out
     * @param data where they are
     * @param folder for everything that is written, empty; to be deleted afterwards
     * @param rounds how often sweeps are measured
     */
    public SweepBenchmark(
            SparkCluster cluster,
            DataRef images,
            DataLocation data,
            BenchmarkTeachers teachers,
            String folder,
            int rounds) {
        this.cluster = cluster;
        this.images = images;
        this.data = data;
        this.folder = folder;
        this.rounds = rounds;
        this.teachers = teachers;
    }

    /** Nine cells of three epochs, with a bank that is made on the way and with the teacher on every batch. */
    public List<Measurement> sweep(Pair pair) throws IOException {
        double[] bank = new double[rounds];
        double[] online = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            bank[round] = seconds(pair, TeacherMode.BANK_FP16);
            online[round] = seconds(pair, TeacherMode.ONLINE);
        }
        String name = pair.teacher() + " -> " + pair.student() + ", 9 cells x " + EPOCHS + " epochs x "
                + images.trainImages() + " images";
        return List.of(
                new Measurement("sweep", name, "bank, made on the way", "s", boxed(bank)),
                new Measurement("sweep", name, "online", "s", boxed(online)));
    }

    private static List<Double> boxed(double[] values) {
        return DoubleStream.of(values).boxed().toList();
    }

    private double seconds(Pair pair, TeacherMode mode) throws IOException {
        SweepPlan plan = plan(pair).grid(mode, new Axis(List.of(0.0, 0.05, 0.1)), new Axis(List.of(0.0, 0.005, 0.01)));
        long start = System.nanoTime();
        SweepJob.Result result = job(pair, null).run(plan);
        if (result.finished() != plan.trials().size()) {
            throw new IOException(
                    "Only " + result.finished() + " of " + plan.trials().size()
                            + " trials of the benchmark's sweep have a result; Spark's log above has the reasons");
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /**
     * What the driver does around a trial, measured with legs of a millisecond: everything from the plan to the row of
     * each attempt, Spark's jobs among it.
     *
     * @param trials how many; a tenth of them is measured, too
     */
    public List<Measurement> driver(Pair pair, int trials) throws IOException {
        Driver few = noWork(pair, Math.max(1, trials / 10));
        Driver many = noWork(pair, trials);
        return List.of(few, many).stream()
                .flatMap(driver -> List.of(
                        new Measurement(
                                "driver",
                                "time a trial",
                                driver.trials + " trials of 1 ms",
                                "ms",
                                List.of(driver.millisPerTrial)),
                        new Measurement(
                                "driver",
                                "heap in use afterwards",
                                driver.trials + " trials of 1 ms",
                                "MB",
                                List.of(driver.heapMegabytes)))
                        .stream())
                .toList();
    }

    private record Driver(int trials, double millisPerTrial, double heapMegabytes) {}

    private Driver noWork(Pair pair, int trials) throws IOException {
        SweepPlan plan = plan(pair).ofSize(trials);
        long start = System.nanoTime();
        SweepJob.Result result =
                job(pair, (configuration, unused) -> millisecond()).run(plan);
        double millis = (System.nanoTime() - start) / 1e6;
        if (result.failed() > 0) {
            throw new IOException(result.failed() + " of " + trials + " trials of a millisecond failed");
        }
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        double heap = (double) (runtime.totalMemory() - runtime.freeMemory()) / MEGABYTE;
        return new Driver(trials, millis / trials, heap);
    }

    private static LegReport millisecond() throws IOException {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
        return new LegReport(EPOCHS, TrialStatus.OK, "", "nowhere", "none");
    }

    /** @param instead what its legs do; null if they train */
    private SweepJob job(Pair pair, SparkCluster.@Nullable Work<LegReport> instead) throws IOException {
        String own = new Path(folder, "sweep-" + sweeps++).toString();
        ReadyTeacher teacher = new ReadyTeacher(
                teachers.bank(pair.teacher()).teacher(), new TrialOutcome.TeacherMetrics(0, 0, 0), null);
        Banks banks = new Banks(new Path(own, "bank").toString(), data, Map.of(pair.teacher(), teacher));
        RunSettings settings = new RunSettings(0, 10, 1);
        return instead == null
                ? new SweepJob(cluster, silent, settings, own, banks, "benchmark")
                : SweepJob.withoutTraining(cluster, silent, settings, own, banks, "benchmark", instead);
    }

    private BenchmarkPlan plan(Pair pair) throws IOException {
        String hash = teachers.bank(pair.teacher()).teacher().hash();
        return new BenchmarkPlan(pair, hash, images, EPOCHS, teachers.computation());
    }
}
