package org.focaldistill.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.Seed;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.race.CellState;
import org.focaldistill.sweep.race.RaceEnd;
import org.focaldistill.sweep.race.RaceRow;
import org.focaldistill.text.Words;

/** What a race has answered, pair by pair, in words. */
public final class RaceAnswers {
    static final RaceAnswers NONE = new RaceAnswers(Map.of());
    private static final int MOST_NAMES = 5;

    private final Map<String, List<Cell>> byPair;

    /**
     * A cell that raced.
     *
     * @param name its weights, and with them its other loss settings where cells differ in them
     */
    record Cell(RaceRow row, String name) {}

    private RaceAnswers(Map<String, List<Cell>> byPair) {
        this.byPair = byPair;
    }

    /** Reads what is known; nothing of a sweep that does not race. */
    public static RaceAnswers of(ResultStore store, String sweepId) throws IOException {
        return of(store.races().of(sweepId));
    }

    static RaceAnswers of(List<RaceRow> rows) {
        boolean variants = rows.stream()
                        .map(row -> withoutWeights(row.trial().effectiveLoss()))
                        .distinct()
                        .count()
                > 1;
        Map<String, List<Cell>> byPair = new LinkedHashMap<>();
        for (RaceRow row : rows) {
            byPair.computeIfAbsent(Panel.pair(row.trial()), unused -> new ArrayList<>())
                    .add(new Cell(row, name(row.trial().loss(), variants)));
        }
        return new RaceAnswers(byPair);
    }

    private static String name(LossSettings loss, boolean withVariant) {
        return Findings.name(loss.weights()) + (withVariant ? " (" + withoutWeights(loss) + ")" : "");
    }

    private static String withoutWeights(LossSettings loss) {
        return "T " + Decimals.compact(loss.temperature()) + ", " + Words.of(loss.klDirection()) + ", "
                + Words.of(loss.focalForm()) + ", exponent " + Decimals.compact(loss.focalExponent())
                + (loss.labelSmoothing() == 0 ? "" : ", label smoothing " + Decimals.compact(loss.labelSmoothing()))
                + (loss.distillation().equals(Distillation.PLAIN) ? "" : ", " + loss.distillation())
                + (loss.calibrationWeight() == 0
                        ? ""
                        : ", calibration weight " + Decimals.compact(loss.calibrationWeight()));
    }

    /** The cells of each pair; empty if there was no race. */
    Map<String, List<Cell>> byPair() {
        return byPair;
    }

    /** Whether there was a race. */
    boolean isEmpty() {
        return byPair.isEmpty();
    }

    /**
     * The trials that cells may be compared by, as all cells of a pair have them: those of the first seeds, which a race gives
     * to every cell. All where there was no race, or its first round is not looked at yet.
     */
    List<Finished> comparable(List<Finished> finished) {
        Map<String, SortedSet<Seed>> seeds = new HashMap<>();
        finished.forEach(each ->
                seeds.computeIfAbsent(pair(each), key -> new TreeSet<>()).add(seed(each)));
        Map<String, Set<Seed>> shared = new HashMap<>();
        seeds.forEach((pair, all) -> shared.put(pair, firstOf(all, sharedSeeds(pair))));
        return finished.stream()
                .filter(each -> shared.getOrDefault(pair(each), Set.of()).contains(seed(each)))
                .toList();
    }

    private static Set<Seed> firstOf(SortedSet<Seed> seeds, int count) {
        return count == 0 ? seeds : seeds.stream().limit(count).collect(Collectors.toSet());
    }

    private static String pair(Finished finished) {
        return Panel.pair(finished.outcome().trial());
    }

    private static Seed seed(Finished finished) {
        return finished.outcome().trial().seed();
    }

    /** How many seeds all cells of a pair had when they were last looked at; 0 before the first look. */
    private int sharedSeeds(String pair) {
        return byPair.getOrDefault(pair, List.of()).stream()
                .mapToInt(cell -> cell.row().seeds())
                .min()
                .orElse(0);
    }

    /** By what a section compares the cells of a pair; nothing where by all there is. */
    Optional<String> comparedBy(Trial trial) {
        int seeds = sharedSeeds(Panel.pair(trial));
        return seeds == 0
                ? Optional.empty()
                : Optional.of("Cells are compared here by the first " + Words.count(seeds, "seed")
                        + ", which all of them have: those that got more are not comparable with those that did not. What"
                        + " the race found with all seeds is in its own section.");
    }

    /** A sentence or two a pair; none if there was no race. */
    public List<String> lines() {
        return byPair.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + sentence(entry.getValue()))
                .toList();
    }

    /** What is known of a pair's cells. */
    static String sentence(List<Cell> cells) {
        RaceRow any = cells.get(0).row();
        String how = any.by().title(any.heldOut());
        if (any.looks() == 0) {
            return "the race by " + how + " is in its first round, " + Words.count(any.roundSeeds(), "seed")
                    + " for each of " + Words.count(cells.size(), "cell") + ".";
        }
        String found = switch (any.question()) {
            case BEST -> best(cells, how);
            case BEATS_BASELINE -> besideBaseline(cells, how, CellState.BETTER, CellState.NOT_BETTER);
            case EQUIVALENT -> besideBaseline(cells, how, CellState.EQUIVALENT, CellState.DIFFERENT);
            case NONE -> "";
        };
        return found + diverged(cells) + noisy(cells) + " " + certainty(any) + " " + cost(cells);
    }

    private static String best(List<Cell> cells, String how) {
        List<Cell> best = in(cells, CellState.BEST);
        List<Cell> alike = in(cells, CellState.CONTENDER);
        List<Cell> open = in(cells, CellState.OPEN);
        String beaten = Words.count(in(cells, CellState.BEATEN).size(), "cell") + " of " + cells.size()
                + (in(cells, CellState.BEATEN).size() == 1 ? " is" : " are") + " surely not the best";
        if (!best.isEmpty() && alike.isEmpty()) {
            return "the best cell by " + how + " is " + best.get(0).name() + "; " + beaten + ".";
        }
        if (!best.isEmpty()) {
            return best.get(0).name() + " is the best cell by " + how + " or within "
                    + Decimals.compact(best.get(0).row().margin()) + " of it; " + Words.count(alike.size(), "other")
                    + " may be as good: " + names(alike) + "; " + beaten + ".";
        }
        if (open.isEmpty()) {
            return "no cell is left to be the best by " + how + ".";
        }
        return "any of " + Words.count(open.size(), "cell") + " may be the best by " + how + ": " + names(open) + "; "
                + beaten + ".";
    }

    private static String besideBaseline(List<Cell> cells, String how, CellState yes, CellState no) {
        RaceRow any = cells.get(0).row();
        List<Cell> baseline = in(cells, CellState.BASELINE);
        String beside = baseline.isEmpty()
                ? "the baseline"
                : "the baseline (" + baseline.get(0).name() + ")";
        String margin = Decimals.compact(any.margin());
        boolean better = yes == CellState.BETTER;
        String positive = better ? "surely better than " + beside : "surely within " + margin + " of " + beside;
        String negative = better
                ? "surely not better" + (any.margin() > 0 ? " by more than " + margin : "")
                : "surely further away";
        List<Cell> found = in(cells, yes);
        return "by " + how + ", " + found.size() + " of " + Words.count(cells.size() - baseline.size(), "cell")
                + (found.size() == 1 ? " is " : " are ") + positive
                + (found.isEmpty() ? "" : ": " + names(found)) + "; "
                + in(cells, no).size() + " " + negative + ", "
                + in(cells, CellState.OPEN).size() + " undecided.";
    }

    private static String diverged(List<Cell> cells) {
        int count = in(cells, CellState.DIVERGED).size();
        return count == 0
                ? ""
                : " " + Words.count(count, "cell") + " without a value: a trial diverged, or was stopped early.";
    }

    /** The cell that is much noisier than the others, if there is one. */
    private static String noisy(List<Cell> cells) {
        return cells.stream()
                .filter(cell -> cell.row().noisySd() != null)
                .findFirst()
                .map(cell -> " " + cell.name() + " is much noisier than the other cells: from seed to seed it moves "
                        + beside(cell.row()) + ". Whatever is compared with it is judged by that, so that false answers"
                        + " stay as rare; it takes more seeds to tell its place.")
                .orElse("");
    }

    private static String beside(RaceRow noisy) {
        Double own = noisy.noisySd();
        Double others = noisy.noiseSd();
        return own == null || others == null || others == 0
                ? "where they do not"
                : Decimals.fixed(own / others, 1) + " times as far as they do";
    }

    private static String certainty(RaceRow any) {
        return "This holds with 95 % for all " + Words.count(any.looks(), "look")
                + " at the numbers and all cells together" + " (Dunnett's intervals at Pocock's limit, wider"
                + " for cells whose own seeds scatter more or are few).";
    }

    private static String cost(List<Cell> cells) {
        RaceRow any = cells.get(0).row();
        int trials = cells.stream().mapToInt(cell -> cell.row().seeds()).sum();
        String spent = trials + " trials of the whole grid's " + cells.size() * any.mostSeeds();
        RaceEnd end = any.end();
        if (end == null) {
            return "The race goes on, with " + spent + " so far.";
        }
        return switch (end) {
            case ANSWERED -> "It took " + spent + ".";
            case NO_SEEDS ->
                "All " + any.mostSeeds() + " seeds are spent, with " + spent
                        + "; with more in sweep.seeds it is another race, with a limit for all their looks, that reuses these trials.";
            case NO_BUDGET -> "The budget is spent, with " + spent + "; a larger one would go on.";
            case NO_BASELINE -> "It ended as what the others are compared with diverged, after " + spent + ".";
        };
    }

    private static List<Cell> in(List<Cell> cells, CellState state) {
        return cells.stream().filter(cell -> cell.row().state() == state).toList();
    }

    private static String names(List<Cell> cells) {
        String names = cells.stream().limit(MOST_NAMES).map(Cell::name).collect(Collectors.joining("; "));
        return cells.size() > MOST_NAMES ? names + "; and " + (cells.size() - MOST_NAMES) + " more" : names;
    }
}
