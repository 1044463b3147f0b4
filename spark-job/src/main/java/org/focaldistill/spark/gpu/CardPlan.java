package org.focaldistill.spark.gpu;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.focaldistill.cuda.CardNeeds;
import org.focaldistill.net.Network;
import org.focaldistill.sweep.Trial;

/** How much of a card's memory trials take, said before any is trained. */
public final class CardPlan {
    private static final double MIB = 1 << 20;

    private final List<Trial> trials;
    private final Function<String, Network> models;

    /**
     * @param trials to be trained on cards, at least one
     * @param models the models for their images
     */
    public CardPlan(List<Trial> trials, Function<String, Network> models) {
        this.trials = List.copyOf(trials);
        this.models = models;
    }

    /** For people. @param atATime trials on one card */
    public String line(int atATime) {
        Map<String, Long> ofStudents = new TreeMap<>();
        trials.forEach(trial -> ofStudents.merge(name(trial), ofTrial(trial), Math::max));
        long images = trials.stream()
                .mapToLong(trial -> CardNeeds.ofImages(
                        models.apply(trial.student()).imageInput().side(),
                        trial.data().trainImages() + trial.data().testImages()))
                .max()
                .orElseThrow();
        int together =
                Math.min(atATime, trials.stream().mapToInt(Trial::workers).sum());
        long most = trials.stream()
                .flatMap(trial -> Collections.nCopies(trial.workers(), ofTrial(trial)).stream())
                .sorted(Comparator.reverseOrder())
                .limit(together)
                .mapToLong(Long::longValue)
                .sum();
        String each = ofStudents.entrySet().stream()
                .map(student -> mebibytes(student.getValue()) + " " + student.getKey())
                .collect(Collectors.joining(", "));
        return "Memory of a card: " + each + ", " + mebibytes(images) + " for the images of all; " + together
                + " at a time take " + mebibytes(images + most)
                + " at most, beside what CUDA takes for itself. Those that a card has no room for wait";
    }

    private static String name(Trial trial) {
        return (trial.workers() == 1 ? "a trial of " : "each worker of a trial of ") + trial.student();
    }

    /** Of each of its workers. */
    private long ofTrial(Trial trial) {
        return CardNeeds.ofStudent(
                models.apply(trial.student()),
                trial.recipe().batchSize(),
                trial.data().trainImages() - trial.data().validationImages(),
                trial.computation().numerics());
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.0f MiB", bytes / MIB);
    }
}
