package org.focaldistill.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SeedStreams;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome.TeacherMetrics;
import org.focaldistill.text.Words;

/**
 * Trials that differ by loss weights and seeds alone, so that they belong into one table.
 *
 * @param common what they share, with the weights and seeds blanked
 * @param label the settings by which this panel differs from others of its pair; empty when there is no other
 * @param trials the finished ones, by first role, alpha, gamma, beta and seeds
 */
record Panel(Trial common, String label, List<Finished> trials) {
    private static final Comparator<Finished> ORDER = Comparator.comparing(Panel::firstRole)
            .thenComparing(
                    Panel::weights,
                    Comparator.comparingDouble(LossWeights::alpha)
                            .thenComparingDouble(LossWeights::gamma)
                            .thenComparingDouble(LossWeights::beta))
            .thenComparing(each -> each.outcome().trial().seed());

    /**
     * The panels of a sweep; points of a search and variants that share theirs with no other cell are left to {@link PointTable} and
     * {@link VariantTable}.
     */
    static List<Panel> of(List<Finished> finished) {
        Map<Trial, List<Finished>> groups = new LinkedHashMap<>();
        finished.stream()
                .sorted(Comparator.comparing(
                                (Finished each) -> pair(each.outcome().trial()))
                        .thenComparing(each -> common(each.outcome().trial()).canonical())
                        .thenComparing(ORDER))
                .forEach(each -> groups.computeIfAbsent(common(each.outcome().trial()), key -> new ArrayList<>())
                        .add(each));
        Map<Trial, List<Finished>> several = new LinkedHashMap<>(groups);
        several.values().removeIf(PointTable::isAlone);
        Map<Trial, List<Finished>> shown = several.isEmpty() ? groups : several;
        return shown.entrySet().stream()
                .map(group -> new Panel(
                        group.getKey(),
                        label(group.getKey(), shown.keySet().stream().toList()),
                        List.copyOf(group.getValue())))
                .toList();
    }

    /** What the trials of a panel share, with weights and seeds blanked. */
    static Trial common(Trial trial) {
        return common(trial, trial.loss().withWeights(LossWeights.CROSS_ENTROPY));
    }

    /** What trials share that differ by their losses and seeds alone, with another loss in place of theirs. */
    static Trial common(Trial trial, LossSettings loss) {
        return new Trial(
                trial.data(),
                trial.teacher(),
                trial.teacherHash(),
                trial.teacherMode(),
                trial.student(),
                loss,
                trial.recipe(),
                0,
                0,
                trial.workers(),
                trial.averagingFrequency(),
                trial.computation(),
                SeedStreams.PLAIN);
    }

    /** The settings that are not the same in all panels of this pair. */
    private static String label(Trial common, List<Trial> all) {
        List<List<String>> others = all.stream()
                .filter(other -> pair(other).equals(pair(common)))
                .map(Panel::settings)
                .toList();
        Stream<String> own = settings(common).stream()
                .filter(line -> others.stream().anyMatch(other -> !other.contains(line)))
                .map(line -> inWords(line, common))
                .map(line -> line.replaceFirst("^(loss|recipe)\\.", "").replace("=", " = "));
        return String.join(", ", own.toList());
    }

    private static List<String> settings(Trial trial) {
        return trial.settings().entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .toList();
    }

    /** A setting with the constants a reader knows from the configuration. */
    private static String inWords(String line, Trial trial) {
        String words = line;
        for (Enum<?> constant : List.of(
                trial.teacherMode(),
                trial.loss().klDirection(),
                trial.loss().focalForm(),
                trial.recipe().schedule())) {
            words = words.replace("=" + constant.name(), "=" + Words.of(constant));
        }
        return words;
    }

    /** Teacher, student and data set. */
    static String pair(Trial trial) {
        return trial.teacher() + " to " + trial.student() + " on " + dataSet(trial);
    }

    private static String dataSet(Trial trial) {
        boolean saysSo = trial.data().name().equals("generated");
        return trial.data().generated() && !saysSo
                ? trial.data().name() + " (generated)"
                : trial.data().name() + (saysSo ? " images" : "");
    }

    private static Role firstRole(Finished trial) {
        return trial.roles().stream().min(Comparator.naturalOrder()).orElseThrow();
    }

    static LossWeights weights(Finished trial) {
        return trial.outcome().trial().loss().weights();
    }

    /** Teacher, student, data set and what tells this panel from others; says so when the images are generated. */
    String title() {
        return label.isEmpty() ? pair(common) : pair(common) + ", " + label;
    }

    boolean generated() {
        return common.data().generated();
    }

    /** How the teacher did alone. */
    TeacherMetrics teacher() {
        return trials.get(0).outcome().teacher();
    }

    /** {@link #teacher}, and how many students learned from it for how long. */
    String teacherInWords() {
        TeacherMetrics teacher = teacher();
        return "teacher's test top-1 " + Decimals.fixed(100 * teacher.testTop1(), 2) + " %, NLL "
                + Decimals.fixed(teacher.testNll(), 3) + ", ECE " + Decimals.fixed(100 * teacher.testEce(), 2) + " %; "
                + Words.count(trials.size(), "trial") + " of "
                + Words.count(common.recipe().epochs(), "epoch");
    }
}
