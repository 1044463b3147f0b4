package org.focaldistill.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.focaldistill.sweep.Durations;
import org.focaldistill.sweep.TeacherMode;
import org.focaldistill.sweep.Trial;

/** How long a sweep will take, from a short measurement of each network on the slots it will have. */
public final class SweepEstimate {
    private static final int SECONDS = 6;

    private final Benchmark benchmark;
    private final int slots;
    private final Map<List<Object>, Double> rates = new LinkedHashMap<>();
    private final List<String> measured = new ArrayList<>();

    /**
     * @param data a part of the images
     * @param folder for teachers of random weights, empty; to be deleted afterwards
     * @param slots trials at a time times slots of each
     */
    public SweepEstimate(SparkCluster cluster, Console console, DataLocation data, String folder, int slots) {
        this.benchmark =
                new Benchmark(cluster, console, data, new BenchmarkTeachers(cluster, data, folder), 1, SECONDS);
        this.slots = slots;
    }

    /**
     * A teacher to be trained first.
     *
     * @param model its architecture
     * @param images that it trains on, over all epochs
     */
    public record MissingTeacher(String model, long images) {}

    /**
     * Measures, and says what came out in lines for people.
     *
     * @param open the trials to train
     * @param teachers model of each teacher by its name
     * @param bankImages images that the bank needs each teacher's logits of, by model
     * @param missing teachers to train first
     */
    public List<String> lines(
            List<Trial> open, Map<String, String> teachers, Map<String, Long> bankImages, List<MissingTeacher> missing)
            throws IOException {
        // Fewer trials than slots leave some idle.
        int workers = open.stream().mapToInt(Trial::workers).reduce(0, Integer::sum);
        int busy = Math.max(1, Math.min(slots, workers));
        double first = 0;
        for (MissingTeacher teacher : missing) {
            first += teacher.images() / rate(TimedRun.Kind.PLAIN, teacher.model(), "", 1);
        }
        double training = 0;
        for (Trial trial : open) {
            training += SweepJob.imagesToTrain(trial)
                    / trainingRate(trial, teachers.getOrDefault(trial.teacher(), ""), busy);
        }
        double bank = 0;
        for (Map.Entry<String, Long> images : bankImages.entrySet()) {
            bank += images.getValue() / rate(TimedRun.Kind.TEACHER, images.getKey(), images.getKey(), busy);
        }
        List<String> lines = new ArrayList<>(measured);
        lines.add("Time: about " + Durations.text(first + bank + training) + " on " + busy + " slots: training "
                + Durations.text(training)
                + (bankImages.isEmpty() ? "" : ", bank " + Durations.text(bank))
                + (missing.isEmpty() ? "" : ", teachers first " + Durations.text(first))
                + "; evaluation and the driver's work come on top");
        return lines;
    }

    /** With a bank a trial trains as fast as without a teacher. */
    private double trainingRate(Trial trial, String teacher, int count) throws IOException {
        return trial.teacherMode() == TeacherMode.ONLINE
                ? rate(TimedRun.Kind.ONLINE, trial.student(), teacher, count)
                : rate(TimedRun.Kind.PLAIN, trial.student(), "", count);
    }

    private double rate(TimedRun.Kind kind, String model, String teacher, int count) throws IOException {
        List<Object> key = List.of(kind, model, teacher, count);
        Double known = rates.get(key);
        if (known != null) {
            return known;
        }
        double rate = benchmark.reading(kind, model, teacher, count);
        rates.put(key, rate);
        String what = switch (kind) {
            case TEACHER -> "teacher " + model + " in evaluation mode";
            case ONLINE -> "training " + model + " with " + teacher + " on every batch";
            case PLAIN, BANK -> "training " + model;
        };
        measured.add(String.format(
                Locale.ROOT, "Measured for %d s on %d slots: %s, %.0f images/s", SECONDS, count, what, rate));
        return rate;
    }
}
