package org.focaldistill.spark.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.focaldistill.nn.backend.KernelLibraries;
import org.focaldistill.spark.bank.Bank;
import org.focaldistill.spark.bank.BankFiller;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.gpu.Engines;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.Pair;
import org.focaldistill.text.Causes;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/**
 * Measures how fast this cluster trains, with the same code as a sweep. Everything runs until Java's compilers are done with
 * it; then, within a round, what is to be compared runs side by side, one right after the other; rounds repeat all of it.
 */
public final class Benchmark {
    private static final String PER_SECOND = "images/s";
    /** Until networks are built and images loaded. */
    private static final int START_SECONDS = 9;

    /** Java's compilers take processor time from the slots, and what they have not compiled yet is slow. */
    private static final double MOST_COMPILING = 0.03;

    /** What part of the time to measure a slot may miss at its beginning. */
    private static final double MOST_LATE = 0.1;

    private static final int LEAST_WARM_UP_SECONDS = 8;
    private static final int MOST_WARM_UPS = 8;

    private static final int MEMORY_STEPS = 10_000;
    private static final int LOOKS = 5;

    private final SparkCluster cluster;
    private final Console console;
    private final DataLocation data;
    private final BenchmarkTeachers teachers;
    private final int rounds;
    private final int seconds;
    private final int slots;
    /** What has run for long enough. */
    private final Set<String> warm = new HashSet<>();

    private final List<String> warnings = new ArrayList<>();

    private final Map<List<String>, List<Double>> found = new LinkedHashMap<>();

    /**
     * @param data the images
     * @param rounds how often everything is measured
     * @param seconds how long each time
     */
    public Benchmark(
            SparkCluster cluster,
            Console console,
            DataLocation data,
            BenchmarkTeachers teachers,
            int rounds,
            int seconds) {
        this.cluster = cluster;
        this.console = console;
        this.data = data;
        this.teachers = teachers;
        this.rounds = rounds;
        this.seconds = seconds;
        this.slots = cluster.slots();
    }

    /** Training without a teacher, on one slot and on all. */
    public List<Measurement> training(List<String> students) throws IOException {
        for (String student : students) {
            warmUp(TimedRun.Kind.PLAIN, student, null);
        }
        return repeated(() -> {
            for (String student : students) {
                note("training", student, slots(1), timed(TimedRun.Kind.PLAIN, student, null, 1));
                if (slots > 1) {
                    note("training", student, slots(slots), timed(TimedRun.Kind.PLAIN, student, null, slots));
                }
            }
        });
    }

    /** Teachers in evaluation mode, on all slots. */
    public List<Measurement> teachers(List<String> models) throws IOException {
        for (String model : models) {
            warmUp(TimedRun.Kind.TEACHER, model, teachers.bank(model));
        }
        return repeated(() -> {
            for (String model : models) {
                Bank bank = teachers.bank(model);
                note("teacher", model, slots(slots), timed(TimedRun.Kind.TEACHER, model, bank, slots));
            }
        });
    }

    /** Training with the teacher's logits from the bank and with the teacher on every batch, on all slots. */
    public List<Measurement> distillation(List<Pair> pairs) throws IOException {
        for (Pair pair : pairs) {
            Bank bank = teachers.bank(pair.teacher());
            long start = System.nanoTime();
            new BankFiller(cluster, console, event -> {}).fill(bank, List.of(TimedRun.page(data)));
            note(
                    "bank",
                    pair.teacher(),
                    "first file, one slot",
                    data.trainImages() / ((System.nanoTime() - start) / 1e9));
            warmUp(TimedRun.Kind.PLAIN, pair.student(), null);
            warmUp(TimedRun.Kind.BANK, pair.student(), bank);
            warmUp(TimedRun.Kind.ONLINE, pair.student(), bank);
        }
        return repeated(() -> {
            for (Pair pair : pairs) {
                String name = pair.teacher() + " -> " + pair.student();
                Bank bank = teachers.bank(pair.teacher());
                note("distillation", name, "no teacher", timed(TimedRun.Kind.PLAIN, pair.student(), null, slots));
                note("distillation", name, "bank", timed(TimedRun.Kind.BANK, pair.student(), bank, slots));
                note("distillation", name, "online", timed(TimedRun.Kind.ONLINE, pair.student(), bank, slots));
            }
        });
    }

    /**
     * Memory of one training on an otherwise idle executor, at the {@value #LOOKS} ends of equal parts of its steps. The
     * first part is when networks are built and Java's compilers work.
     */
    public List<Measurement> memory(String student) {
        int part = MEMORY_STEPS / LOOKS;
        MemoryRun run = new MemoryRun(student, data, teachers.computation(), MEMORY_STEPS, part);
        MemoryRun.Seen seen =
                cluster.run("benchmark", "memory " + student, (configuration, unused) -> run.run(configuration));
        List<Measurement> measurements = new ArrayList<>();
        for (int look = 0; look < LOOKS; look++) {
            measurements.add(megabytes(
                    student,
                    "outside heap, step " + (look + 1) * part,
                    seen.outsideHeap().get(look)));
        }
        measurements.add(megabytes(student + ", all", "resident, step " + MEMORY_STEPS, seen.resident()));
        return measurements;
    }

    private static Measurement megabytes(String what, String how, long bytes) {
        return new Measurement("memory", what, how, "MB", List.of(bytes / 1e6));
    }

    /** What makes measurements so far doubtful; empty if nothing does. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** What networks run on, see {@link KernelLibraries#description}, on one executor; a driver that is none loads no ND4J. */
    public String engine() {
        Computation computation = teachers.computation();
        return cluster.run("benchmark", "engine", (configuration, unused) -> engine(computation));
    }

    private static String engine(Computation computation) {
        return computation.onCard()
                ? Engines.of(computation).description() + ", " + computation.numerics()
                : KernelLibraries.description();
    }

    static String slots(int count) {
        return Words.count(count, "slot");
    }

    private interface Round {
        void run() throws IOException;
    }

    private List<Measurement> repeated(Round round) throws IOException {
        for (int i = 0; i < rounds; i++) {
            round.run();
        }
        List<Measurement> measurements = new ArrayList<>();
        found.forEach((name, values) ->
                measurements.add(new Measurement(name.get(0), name.get(1), name.get(2), PER_SECOND, values)));
        found.clear();
        return measurements;
    }

    private void note(String topic, String what, String how, double value) {
        console.state(topic + " " + what + ", " + how + ": " + Math.round(value) + " " + PER_SECOND);
        found.computeIfAbsent(List.of(topic, what, how), unused -> new ArrayList<>())
                .add(value);
    }

    private double timed(TimedRun.Kind kind, String model, @Nullable Bank bank, int count) throws IOException {
        Stopwatch.Reading reading = measured(kind, model, bank, count, seconds);
        double late = reading.lateMillis() / 1e3;
        if (count > 1 && late > MOST_LATE * seconds) {
            warn(String.format(
                    Locale.ROOT,
                    "%s on %s: one of them ended its first batch %.1f s after counting began, and till then others may have"
                            + " had the machine to themselves; %.0f images/s may be too many",
                    kind.of(model, bank == null ? "" : bank.teacher().model()),
                    slots(count),
                    late,
                    reading.imagesPerSecond()));
        }
        return reading.imagesPerSecond();
    }

    private void warn(String warning) {
        console.line(warning);
        warnings.add(warning);
    }

    /** On all slots, as each executor has compilers of its own. */
    private void warmUp(TimedRun.Kind kind, String model, @Nullable Bank bank) throws IOException {
        String what = kind.of(model, bank == null ? "" : bank.teacher().model());
        if (!warm.add(what)) {
            return;
        }
        double compiling = compilingAfter(() -> {
            console.state("warming up: " + what);
            return measured(kind, model, bank, slots, Math.max(seconds, LEAST_WARM_UP_SECONDS))
                    .compiling();
        });
        if (compiling >= MOST_COMPILING) {
            warn(String.format(
                    Locale.ROOT,
                    "%s: Java's compilers still work %.0f %% of the time after %d warm-ups; what follows may be too slow",
                    what,
                    100 * compiling,
                    MOST_WARM_UPS));
        }
    }

    /** Works for a while. */
    interface WarmUp {
        /** Returns for what part of the time Java's compilers worked. */
        double run() throws IOException;
    }

    /** Warms up until Java's compilers are done, and says for what part of the last time they still worked. */
    static double compilingAfter(WarmUp warmUp) throws IOException {
        double compiling = 1;
        for (int i = 0; i < MOST_WARM_UPS && compiling >= MOST_COMPILING; i++) {
            compiling = warmUp.run();
        }
        return compiling;
    }

    /** Images a second of all slots together, the compilers where they worked most, and the latest slot. */
    private Stopwatch.Reading measured(TimedRun.Kind kind, String model, @Nullable Bank bank, int count, int duration)
            throws IOException {
        long from = System.currentTimeMillis() + 1000L * START_SECONDS;
        TimedRun run = new TimedRun(kind, model, bank, data, teachers.computation(), from, from + 1000L * duration);
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            Callable<Stopwatch.Reading> slot = () ->
                    cluster.run("benchmark", kind + " " + model, (configuration, unused) -> run.run(configuration));
            List<Future<Stopwatch.Reading>> readings = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                readings.add(threads.submit(slot));
            }
            double imagesPerSecond = 0;
            double compiling = 0;
            long late = 0;
            for (Future<Stopwatch.Reading> reading : readings) {
                imagesPerSecond += reading.get().imagesPerSecond();
                compiling = Math.max(compiling, reading.get().compiling());
                late = Math.max(late, reading.get().lateMillis());
            }
            return new Stopwatch.Reading(imagesPerSecond, compiling, late);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while measuring " + model, e);
        } catch (ExecutionException e) {
            throw failure(model, e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Of a machine or its files, or one of ours. */
    private static IOException failure(String model, ExecutionException e) {
        if (Causes.root(e) instanceof IOException) {
            return new IOException("Cannot measure " + model + ": " + Causes.sentence(e), e);
        }
        throw new IllegalStateException("Could not measure " + model, e.getCause());
    }

    /**
     * One reading, of all slots together.
     *
     * @param teacher the teacher's architecture; empty to train without
     */
    double reading(TimedRun.Kind kind, String model, String teacher, int count) throws IOException {
        return timed(kind, model, teacher.isEmpty() ? null : teachers.bank(teacher), count);
    }
}
