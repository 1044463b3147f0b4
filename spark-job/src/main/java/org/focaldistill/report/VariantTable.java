package org.focaldistill.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.Seed;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialOutcome.Scaled;
import org.focaldistill.sweep.TrialOutcome.TestMetrics;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.sweep.noise.Better;
import org.focaldistill.sweep.noise.CellDifference;
import org.focaldistill.sweep.noise.Comparison;
import org.focaldistill.sweep.noise.Interval;
import org.focaldistill.sweep.noise.Noise;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/**
 * The losses of one pair and recipe beside plain distillation or, where a sweep has none, beside plain cross entropy, a baseline or
 * the first of them.
 *
 * @param title what they share
 * @param grid a row a loss
 * @param sentence what is beyond noise
 */
record VariantTable(String title, TextGrid grid, String sentence) {
    private static final String DASH = "-";
    /** Of more the grid's cells are left to their own tables. */
    private static final int MOST_ROWS = 40;

    /** What all losses are measured by. */
    private enum Measure {
        TOP1("top-1 (%)", 2, Better.HIGHER, outcome -> percent(metric(outcome, TestMetrics::top1))),
        CE("CE", 3, Better.LOWER, Quantity.TEST_CE::of),
        ECE("ECE (%)", 2, Better.LOWER, outcome -> percent(metric(outcome, TestMetrics::ece))),
        SCALED_NLL(
                "NLL at fitted temperature",
                3,
                Better.LOWER,
                outcome -> metric(outcome, metrics -> {
                    Scaled scaled = metrics.scaledByNll();
                    return scaled == null ? null : scaled.nll();
                }));

        private final String title;
        private final int decimals;
        private final Better better;
        private final Function<TrialOutcome, @Nullable Double> of;

        Measure(String title, int decimals, Better better, Function<TrialOutcome, @Nullable Double> of) {
            this.title = title;
            this.decimals = decimals;
            this.better = better;
            this.of = of;
        }

        private static @Nullable Double metric(TrialOutcome outcome, Function<TestMetrics, @Nullable Double> of) {
            TestMetrics metrics = outcome.status() == TrialStatus.OK ? outcome.testMetrics() : null;
            return metrics == null ? null : of.apply(metrics);
        }

        private static @Nullable Double percent(@Nullable Double fraction) {
            return fraction == null ? null : (Double) (100 * fraction);
        }
    }

    /** One a pair and recipe of which several forms of the loss have finished. */
    static List<VariantTable> of(List<Finished> finished) {
        Map<Trial, List<Finished>> groups = new LinkedHashMap<>();
        finished.stream()
                .sorted(Comparator.comparing(
                        (Finished each) -> Panel.pair(each.outcome().trial())))
                .forEach(each -> groups.computeIfAbsent(
                                withoutLoss(each.outcome().trial()), key -> new ArrayList<>())
                        .add(each));
        List<VariantTable> tables = new ArrayList<>();
        groups.forEach((shared, trials) -> {
            Map<LossSettings, List<Finished>> byLoss = byLoss(trials);
            boolean listed = trials.stream().anyMatch(each -> each.roles().contains(Role.VARIANT));
            if ((listed || forms(trials) > 1) && byLoss.size() > 1) {
                LossSettings plain = plain(byLoss);
                tables.add(table(shared, few(byLoss, plain), plain));
            }
        });
        return tables;
    }

    private static Trial withoutLoss(Trial trial) {
        return Panel.common(trial, LossSettings.of(LossWeights.CROSS_ENTROPY));
    }

    private static long forms(List<Finished> trials) {
        return trials.stream()
                .map(each -> each.outcome().trial())
                .map(trial -> trial.loss()
                        .withWeights(LossWeights.CROSS_ENTROPY)
                        .withDistillation(trial.loss()
                                .distillation()
                                .within(trial.recipe().epochs())))
                .distinct()
                .count();
    }

    private static Map<LossSettings, List<Finished>> byLoss(List<Finished> trials) {
        Map<LossSettings, List<Finished>> all = new LinkedHashMap<>();
        trials.forEach(each -> all.computeIfAbsent(each.outcome().trial().effectiveLoss(), key -> new ArrayList<>())
                .add(each));
        return all;
    }

    /** Without the grid's cells where there are too many. */
    private static Map<LossSettings, List<Finished>> few(Map<LossSettings, List<Finished>> byLoss, LossSettings plain) {
        if (byLoss.size() <= MOST_ROWS) {
            return byLoss;
        }
        Map<LossSettings, List<Finished>> few = new LinkedHashMap<>(byLoss);
        few.entrySet()
                .removeIf(cell -> !cell.getKey().equals(plain)
                        && cell.getValue().stream()
                                .allMatch(each -> each.roles().equals(Set.of(Role.GRID))));
        return few;
    }

    /** What the others are compared with: of plain distillation the one of the largest alpha, a baseline before others. */
    private static LossSettings plain(Map<LossSettings, List<Finished>> byLoss) {
        Comparator<LossSettings> order = Comparator.comparing((LossSettings loss) -> !isPlain(loss))
                .thenComparing(loss -> loss.weights().alpha() == 0)
                .thenComparing(loss -> byLoss.getOrDefault(loss, List.of()).stream()
                        .noneMatch(each -> each.roles().contains(Role.BASELINE)))
                .thenComparing(loss -> -loss.weights().alpha());
        return byLoss.keySet().stream().min(order).orElseThrow();
    }

    /** Of any temperature. */
    private static boolean isPlain(LossSettings loss) {
        LossSettings usual = new LossSettings(
                loss.weights(),
                loss.temperature(),
                KlDirection.TEACHER_STUDENT,
                loss.focalForm(),
                loss.focalExponent());
        return loss.equals(usual) && loss.weights().gamma() == 0;
    }

    private static VariantTable table(Trial shared, Map<LossSettings, List<Finished>> byLoss, LossSettings plain) {
        Map<Measure, Map<LossSettings, Map<Seed, Double>>> values = new EnumMap<>(Measure.class);
        Map<Measure, Comparison<LossSettings>> comparisons = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            Map<LossSettings, Map<Seed, Double>> measured = measured(byLoss, measure);
            if (!measured.isEmpty()) {
                values.put(measure, measured);
                Comparison.of(plain, measure.better, measured).ifPresent(found -> comparisons.put(measure, found));
            }
        }
        List<String> header = new ArrayList<>(List.of("loss", "seeds"));
        values.keySet().forEach(measure -> header.addAll(List.of(measure.title, "difference")));
        TextGrid grid = new TextGrid(header);
        for (LossSettings loss : ordered(byLoss, values, plain)) {
            List<String> row = new ArrayList<>(List.of(name(loss), seeds(byLoss, loss)));
            values.forEach((measure, measured) -> {
                row.add(mean(measure, measured.get(loss)));
                row.add(loss.equals(plain) ? "" : difference(measure, comparisons.get(measure), loss));
            });
            grid.add(row);
        }
        return new VariantTable(
                Panel.pair(shared) + ": losses beside " + name(plain), grid, sentence(plain, comparisons));
    }

    private static Map<LossSettings, Map<Seed, Double>> measured(
            Map<LossSettings, List<Finished>> byLoss, Measure measure) {
        Map<LossSettings, Map<Seed, Double>> measured = new LinkedHashMap<>();
        byLoss.forEach((loss, trials) -> trials.forEach(each -> {
            Double value = measure.of.apply(each.outcome());
            if (value != null && Double.isFinite(value)) {
                measured.computeIfAbsent(loss, key -> new TreeMap<>())
                        .putIfAbsent(each.outcome().trial().seed(), value);
            }
        }));
        return measured;
    }

    /** Plain distillation first, then by CE, those without any last. */
    private static List<LossSettings> ordered(
            Map<LossSettings, List<Finished>> byLoss,
            Map<Measure, Map<LossSettings, Map<Seed, Double>>> values,
            LossSettings plain) {
        Map<LossSettings, Map<Seed, Double>> ce = values.getOrDefault(Measure.CE, Map.of());
        return byLoss.keySet().stream()
                .sorted(Comparator.comparing((LossSettings loss) -> !loss.equals(plain))
                        .thenComparing(loss -> average(ce.get(loss))))
                .toList();
    }

    private static double average(@Nullable Map<Seed, Double> bySeed) {
        return bySeed == null
                ? Double.POSITIVE_INFINITY
                : bySeed.values().stream().mapToDouble(value -> value).average().orElse(Double.POSITIVE_INFINITY);
    }

    private static String seeds(Map<LossSettings, List<Finished>> byLoss, LossSettings loss) {
        List<Finished> trials = byLoss.getOrDefault(loss, List.of());
        long ok = trials.stream()
                .filter(each -> each.outcome().status() == TrialStatus.OK)
                .map(each -> each.outcome().trial().seed())
                .distinct()
                .count();
        return String.valueOf(ok);
    }

    private static String mean(Measure measure, @Nullable Map<Seed, Double> bySeed) {
        return bySeed == null ? DASH : Decimals.fixed(average(bySeed), measure.decimals);
    }

    private static String difference(
            Measure measure, @Nullable Comparison<LossSettings> comparison, LossSettings loss) {
        CellDifference<LossSettings> found = comparison == null ? null : find(comparison, loss);
        if (found == null) {
            return DASH;
        }
        Interval among = found.among();
        String interval = among == null
                ? ""
                : " (" + Decimals.signed(among.low(), measure.decimals) + " to "
                        + Decimals.signed(among.high(), measure.decimals) + ")";
        return Decimals.signed(found.mean(), measure.decimals) + interval + (found.beyondNoise() ? " *" : "");
    }

    private static @Nullable CellDifference<LossSettings> find(Comparison<LossSettings> comparison, LossSettings loss) {
        return comparison.differences().stream()
                .filter(each -> each.cell().equals(loss))
                .findFirst()
                .orElse(null);
    }

    private static String sentence(LossSettings plain, Map<Measure, Comparison<LossSettings>> comparisons) {
        List<String> all = comparisons.entrySet().stream()
                .filter(entry -> entry.getValue().noise() != null)
                .map(entry -> inWords(entry.getKey(), entry.getValue()))
                .toList();
        return all.isEmpty()
                ? "With one seed nothing can be said about single losses; sweep.seeds adds some."
                : "Beside " + name(plain) + ", " + String.join("; ", all) + ".";
    }

    private static String inWords(Measure measure, Comparison<LossSettings> comparison) {
        List<CellDifference<LossSettings>> beyond = comparison.differences().stream()
                .filter(CellDifference::beyondNoise)
                .toList();
        int judged = comparison.differences().size() - comparison.notJudged().size();
        String better = names(beyond, measure, true);
        String worse = names(beyond, measure, false);
        String found = beyond.isEmpty()
                ? "none of " + judged + " others differs beyond noise"
                : (better.isEmpty() ? "" : "better beyond noise: " + better)
                        + (better.isEmpty() || worse.isEmpty() ? "" : ", ")
                        + (worse.isEmpty() ? "" : "worse: " + worse);
        return "by " + measure.title + " " + found
                + (comparison.notJudged().isEmpty()
                        ? ""
                        : ", " + comparison.notJudged().size() + " not judged, as they lack seeds")
                + noisy(comparison);
    }

    private static String noisy(Comparison<LossSettings> comparison) {
        Noise<LossSettings> noise = comparison.noise();
        LossSettings outlier = noise == null ? null : noise.outlier();
        return outlier == null
                ? ""
                : " ([" + name(outlier)
                        + "] is much noisier than the others, so its interval is too narrow and theirs are"
                        + " too wide)";
    }

    private static String names(List<CellDifference<LossSettings>> beyond, Measure measure, boolean better) {
        return beyond.stream()
                .filter(each -> measure.better.gain(each.mean()) > 0 == better)
                .map(each -> "[" + name(each.cell()) + "]")
                .collect(Collectors.joining(" "));
    }

    /** A loss by its weights and what is not as usual. */
    static String name(LossSettings loss) {
        LossSettings used = loss.effective();
        LossSettings usual = LossSettings.of(loss.weights());
        StringBuilder name = new StringBuilder(Findings.name(loss.weights()));
        if (!used.distillation().equals(Distillation.PLAIN)) {
            name.append(", ").append(used.distillation());
        }
        if (used.temperature() != usual.temperature()) {
            name.append(", T ").append(Decimals.compact(used.temperature()));
        }
        if (used.klDirection() != usual.klDirection()) {
            name.append(", ").append(Words.of(used.klDirection()));
        }
        if (used.focalForm() != usual.focalForm() || used.focalExponent() != usual.focalExponent()) {
            name.append(", focal ").append(Words.of(used.focalForm()));
            name.append(
                    used.focalForm() == FocalForm.FLSD53 ? "" : " exponent " + Decimals.compact(used.focalExponent()));
        }
        if (used.labelSmoothing() > 0) {
            name.append(", label smoothing ").append(Decimals.compact(used.labelSmoothing()));
        }
        if (used.calibrationWeight() > 0) {
            name.append(", calibration weight ").append(Decimals.compact(used.calibrationWeight()));
        }
        return name.toString();
    }
}
