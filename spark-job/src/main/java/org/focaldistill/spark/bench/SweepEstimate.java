package org.focaldistill.spark.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.focaldistill.net.Network;
import org.focaldistill.spark.TrialWork;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.TeacherMode;
import org.focaldistill.sweep.Trial;
import org.focaldistill.text.Durations;

/** How long a sweep will take on the slots it will have. */
public final class SweepEstimate {
    private final Speed speed;
    private final int slots;
    private final Map<List<Object>, Double> rates = new LinkedHashMap<>();
    private final List<String> grounds = new ArrayList<>();

    /** @param slots trials at a time times slots of each */
    SweepEstimate(Speed speed, int slots) {
        this.speed = speed;
        this.slots = slots;
    }

    /**
     * From a short measurement of each network.
     *
     * @param data a part of the images
     * @param folder for teachers of random weights, empty; to be deleted afterwards
     * @param computation what trains and runs them
     * @param slots trials at a time times slots of each, no more than the cluster has
     */
    public static SweepEstimate measured(
            SparkCluster cluster,
            Console console,
            DataLocation data,
            String folder,
            Computation computation,
            int slots) {
        return new SweepEstimate(new MeasuredSpeed(cluster, console, data, folder, computation), slots);
    }

    /**
     * From what slots that need not be there are assumed to do.
     *
     * @param teraFlops of a slot, in 10^12 operations a second
     * @param models the models for the images at hand
     * @param slots trials at a time times slots of each
     */
    public static SweepEstimate assumed(double teraFlops, Function<String, Network> models, int slots) {
        return new SweepEstimate(AssumedSpeed.of(teraFlops, models), slots);
    }

    /**
     * From how fast one slot trains, which is more than each of many does that share a card.
     *
     * @param multiplyAddsPerSecond of a slot, as {@link org.focaldistill.spark.ImageCost} counts them
     * @param models the models for the images at hand
     * @param slots trials at a time times slots of each
     */
    public static SweepEstimate atSpeed(double multiplyAddsPerSecond, Function<String, Network> models, int slots) {
        return assumed(AssumedSpeed.FLOP_A_MULTIPLY_ADD * multiplyAddsPerSecond / 1e12, models, slots);
    }

    /**
     * What there is to do.
     *
     * @param open the trials to train
     * @param saved epochs in the newest checkpoints of those that earlier runs began, by id
     * @param teachers model of each teacher by its name
     * @param bankImages images that the bank needs each teacher's logits of, by model
     * @param missing teachers to train first
     */
    public record Work(
            List<Trial> open,
            Map<String, Integer> saved,
            Map<String, String> teachers,
            Map<String, Long> bankImages,
            List<MissingTeacher> missing) {}

    /**
     * A teacher to be trained first.
     *
     * @param model its architecture
     * @param images that it trains on, over all epochs
     */
    public record MissingTeacher(String model, long images) {}

    /** How long it takes, in seconds; evaluation and the driver's work come on top. */
    public double seconds(Work work) throws IOException {
        return times(work).all();
    }

    /** Says what each speed is, where it comes from and what comes out, in lines for people. */
    public List<String> lines(Work work) throws IOException {
        Times times = times(work);
        List<String> lines = new ArrayList<>(speed.assumptions());
        lines.addAll(grounds);
        lines.add("Time: about " + Durations.text(times.all()) + " on " + Benchmark.slots(times.busy) + ": training "
                + Durations.text(times.training)
                + (work.bankImages.isEmpty() ? "" : ", bank " + Durations.text(times.bank))
                + (work.missing.isEmpty() ? "" : ", teachers first " + Durations.text(times.teachers))
                + "; evaluation and the driver's work come on top");
        return lines;
    }

    /** In seconds, on the slots that are busy. */
    private record Times(int busy, double teachers, double bank, double training) {
        double all() {
            return teachers + bank + training;
        }
    }

    private Times times(Work work) throws IOException {
        // Fewer trials than slots leave some idle.
        int workers = work.open.stream().mapToInt(Trial::workers).reduce(0, Integer::sum);
        int busy = Math.max(1, Math.min(slots, workers));
        double first = teachers(work.missing);
        double training = 0;
        double longest = 0;
        for (Trial trial : work.open) {
            double seconds = TrialWork.imagesToTrain(trial, work.saved.getOrDefault(trial.id(), 0))
                    / trainingRate(trial, work.teachers.getOrDefault(trial.teacher(), ""), busy);
            training += seconds;
            longest = Math.max(longest, seconds * busy / Math.min(busy, trial.workers()));
        }
        training = Math.max(training, longest);
        double bank = 0;
        for (Map.Entry<String, Long> images : work.bankImages.entrySet()) {
            bank += images.getValue() / rate(TimedRun.Kind.TEACHER, images.getKey(), images.getKey(), busy);
        }
        return new Times(busy, first, bank, training);
    }

    /** Each on a slot of its own: as long as the longest takes, or as the slots take for all. */
    private double teachers(List<MissingTeacher> missing) throws IOException {
        double longest = 0;
        double all = 0;
        for (MissingTeacher teacher : missing) {
            double seconds = teacher.images() / rate(TimedRun.Kind.PLAIN, teacher.model(), "", 1);
            longest = Math.max(longest, seconds);
            all += seconds;
        }
        return Math.max(longest, all / slots);
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
        Speed.Reading reading = speed.reading(kind, model, teacher, count);
        rates.put(key, reading.imagesPerSecond());
        grounds.add(String.format(
                Locale.ROOT,
                "%s: %s, %.0f images/s",
                reading.origin(),
                kind.of(model, teacher),
                reading.imagesPerSecond()));
        return reading.imagesPerSecond();
    }
}
