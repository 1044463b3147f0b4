package org.focaldistill.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.store.BankKey;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.sweep.Pair;
import org.focaldistill.train.Network;
import org.focaldistill.train.TeacherLogits;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.focaldistill.zoo.Architecture;
import org.jspecify.annotations.Nullable;

/**
 * Measures how fast this cluster trains, with the same code as a sweep. Within a round what is to be compared runs side by
 * side, one right after the other; rounds repeat all of it.
 */
public final class Benchmark {
    private static final String PER_SECOND = "images/s";
    /** Until networks are built, images loaded and the compilers of Java done. */
    private static final int WARM_UP_SECONDS = 9;

    private static final int MEMORY_STEPS = 10_000;
    private static final int LOOKS = 5;

    private final SparkCluster cluster;
    private final Console console;
    private final DataLocation data;
    private final String folder;
    private final int rounds;
    private final int seconds;
    private final int slots;
    private final Map<String, Bank> banks = new LinkedHashMap<>();
    /** What has run once before: Java's compilers need longer than one warm-up the first time. */
    private final Set<String> warm = new HashSet<>();

    private final Map<List<String>, List<Double>> found = new LinkedHashMap<>();

    /**
     * @param data the images
     * @param folder for teachers and banks, empty; to be deleted afterwards
     * @param rounds how often everything is measured
     * @param seconds how long each time
     */
    public Benchmark(SparkCluster cluster, Console console, DataLocation data, String folder, int rounds, int seconds) {
        this.cluster = cluster;
        this.console = console;
        this.data = data;
        this.folder = folder;
        this.rounds = rounds;
        this.seconds = seconds;
        this.slots = cluster.slots();
    }

    /** Training without a teacher, on one slot and on all. */
    public List<Measurement> training(List<String> students) {
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
    public List<Measurement> teachers(List<String> teachers) throws IOException {
        for (String teacher : teachers) {
            bank(teacher);
        }
        return repeated(() -> {
            for (String teacher : teachers) {
                note("teacher", teacher, slots(slots), timed(TimedRun.Kind.TEACHER, teacher, bank(teacher), slots));
            }
        });
    }

    /** Training with the teacher's logits from the bank and with the teacher on every batch, on all slots. */
    public List<Measurement> distillation(List<Pair> pairs) throws IOException {
        for (Pair pair : pairs) {
            Bank bank = bank(pair.teacher());
            long start = System.nanoTime();
            new BankFiller(cluster, console, event -> {}).fill(bank, List.of(TimedRun.page(data)));
            note("bank", pair.teacher(), "one slot", data.trainImages() / ((System.nanoTime() - start) / 1e9));
        }
        return repeated(() -> {
            for (Pair pair : pairs) {
                String name = pair.teacher() + " -> " + pair.student();
                Bank bank = bank(pair.teacher());
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
        MemoryRun run = new MemoryRun(student, data, MEMORY_STEPS, part);
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

    private static String slots(int count) {
        return count == 1 ? "1 slot" : count + " slots";
    }

    private interface Round {
        void run() throws IOException;
    }

    private List<Measurement> repeated(Round round) {
        try {
            for (int i = 0; i < rounds; i++) {
                round.run();
            }
        } catch (IOException e) {
            throw new IllegalStateException("The benchmark could not go on", e);
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

    private double timed(TimedRun.Kind kind, String model, @Nullable Bank bank, int count) {
        if (warm.add(kind + model)) {
            double unused = imagesPerSecond(kind, model, bank, count);
        }
        return imagesPerSecond(kind, model, bank, count);
    }

    /** Of all slots together. */
    private double imagesPerSecond(TimedRun.Kind kind, String model, @Nullable Bank bank, int count) {
        long from = System.currentTimeMillis() + 1000L * WARM_UP_SECONDS;
        TimedRun run = new TimedRun(kind, model, bank, data, from, from + 1000L * seconds);
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            Callable<Double> slot = () ->
                    cluster.run("benchmark", kind + " " + model, (configuration, unused) -> run.run(configuration));
            List<Future<Double>> rates = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                rates.add(threads.submit(slot));
            }
            double sum = 0;
            for (Future<Double> rate : rates) {
                sum += rate.get();
            }
            return sum;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while measuring " + model, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Could not measure " + model, e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    Bank bank(String model) throws IOException {
        Bank bank = banks.get(model);
        if (bank == null) {
            String uri = new Path(folder, model + ".safetensors").toString();
            int classes = data.classes();
            String hash = cluster.run(
                    "benchmark",
                    "make teacher " + model,
                    (configuration, unused) -> makeTeacher(uri, model, classes, configuration));
            BankKey key = new BankKey(
                    new Path(folder, "bank").toString(),
                    model,
                    hash,
                    data.hash(),
                    classes,
                    TeacherLogits.scheme(),
                    true);
            bank = new Bank(key, new TeacherLocation(uri, model, hash), data);
            banks.put(model, bank);
        }
        return bank;
    }

    /**
     * A teacher of random weights, which is as fast as a trained one. Its output layer is zero: an untrained deep network
     * has outputs that no half holds.
     */
    private static String makeTeacher(String uri, String model, int classes, Configuration configuration)
            throws IOException {
        try (Network network = Network.forInference(Architecture.named(model), classes)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>(network.tensors());
            tensors.replaceAll((name, tensor) -> name.matches("(fc|linear)\\..*")
                    ? new Tensor(tensor.shape(), new float[tensor.values().length])
                    : tensor);
            new ModelFiles(configuration).replace(new Path(uri), new Safetensors(tensors, Map.of()));
            return Safetensors.hash(tensors);
        }
    }
}
