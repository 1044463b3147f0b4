package org.focaldistill.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Seed;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.sweep.noise.ChosenBy;
import org.focaldistill.sweep.noise.Selection;
import org.focaldistill.sweep.noise.TwoWayFit;
import org.jspecify.annotations.Nullable;

/** The best cell of a panel by CE, baselines and references included, and what may be told of it. */
public final class BestCell {
    private final Findings findings;
    private final Selection selection;

    private BestCell(Findings findings, Selection selection) {
        this.findings = findings;
        this.selection = selection;
    }

    /** Nothing where no trial has a test CE. */
    static Optional<BestCell> of(Findings findings) {
        Double noise = findings.fit(Quantity.TEST_CE).map(TwoWayFit::restSd).orElse(null);
        return Selection.of(
                        Quantity.TEST_CE.better(),
                        findings.values(BestCell::heldOutCe),
                        findings.values(Quantity.TEST_CE::of),
                        noise)
                .map(selection -> new BestCell(findings, selection));
    }

    private static @Nullable Double heldOutCe(TrialOutcome outcome) {
        SplitLoss heldOut = outcome.validation();
        if (heldOut == null || outcome.status() == TrialStatus.DIVERGED || Quantity.TEST_CE.of(outcome) == null) {
            return null;
        }
        double ce = heldOut.components().ce();
        return Double.isFinite(ce) ? (Double) ce : null;
    }

    /** Its weights. */
    LossWeights cell() {
        return selection.cell();
    }

    /** The estimate of a test number with the standard deviation of the seeds, the cell, and what it was chosen on. */
    public String estimateAndCell(Quantity quantity) {
        return Findings.meanAndSd(quantity, over(selection.numbers(values(quantity)))) + " ("
                + Findings.shortName(cell())
                + (selection.candidates() == 1
                        ? ""
                        : ", chosen on " + selection.chosenBy().words())
                + ")";
    }

    /**
     * Which cell it is, how it was chosen, its test numbers beside the baseline's, and how far to trust them; nothing
     * where there was no other to choose.
     */
    Optional<String> sentence() {
        if (selection.candidates() == 1) {
            return Optional.empty();
        }
        String best = "Best of " + selection.candidates() + " cells by CE, chosen on " + chosenOn() + ": "
                + Findings.name(cell()) + (cell().equals(findings.baseline()) ? ", the baseline" : "") + ". ";
        return Optional.of(best + (selection.leftOut() ? byOtherSeeds() : byThemselves()));
    }

    private String chosenOn() {
        int seeds = selection.picked().size();
        return selection.chosenBy() == ChosenBy.HELD_OUT
                ? ChosenBy.HELD_OUT.words()
                : selection.leftOut() ? "the test images by " + seeds + " seeds" : "test";
    }

    /** The estimate is of cells that were each chosen without the seed that measures it. */
    private String byOtherSeeds() {
        String own = Quantity.TEST_CE.format(mean(selection.numbersOf(cell(), values(Quantity.TEST_CE))));
        return "A cell so chosen reaches " + numbers()
                + ": in turn each seed measures the cell that the other seeds choose. "
                + "The test CE of its own students, " + own + ", is "
                + flattery()
                        .map(by -> "better by " + by + " because it was chosen with them.")
                        .orElse("no better than that.");
    }

    /** The optimism where it is above 0 as shown. */
    private Optional<String> flattery() {
        return Optional.ofNullable(selection.optimism())
                .map(Quantity.TEST_CE::format)
                .filter(shown -> shown.matches("[0.]*[1-9].*"));
    }

    /** The estimate is of the very students that it was chosen with. */
    private String byThemselves() {
        String its = (selection.picked().size() == 1 ? "Its student has " : "Its students have ") + numbers() + ". ";
        if (selection.chosenBy() == ChosenBy.HELD_OUT) {
            return its + "The choice did not see these numbers; how much of them is the luck of the seed is not known.";
        }
        Double optimism = selection.optimism();
        return its + "As it was chosen by them, they are better than is to be expected: by "
                + (optimism == null
                        ? "how much is not known, as one seed gives no measure of noise."
                        : "about " + Quantity.TEST_CE.format(optimism)
                                + " in CE if no cell truly differs from another, by less if some do.");
    }

    /** Estimates of what is judged, each with the baseline's number under the same seeds. */
    private String numbers() {
        List<String> parts = new ArrayList<>();
        for (Quantity quantity : Verdict.JUDGED) {
            List<Double> numbers = selection.numbers(values(quantity));
            List<Double> baseline = selection.numbersOf(findings.baseline(), values(quantity));
            if (!numbers.isEmpty()) {
                parts.add(quantity.title() + " " + quantity.format(mean(numbers))
                        + (baseline.size() < numbers.size() || cell().equals(findings.baseline())
                                ? ""
                                : " (baseline " + quantity.format(mean(baseline)) + ")"));
            }
        }
        return String.join(", ", parts);
    }

    private Map<LossWeights, Map<Seed, Double>> values(Quantity quantity) {
        return findings.values(quantity::of);
    }

    private static double mean(List<Double> numbers) {
        return over(numbers).getMean();
    }

    private static SummaryStatistics over(List<Double> numbers) {
        SummaryStatistics over = new SummaryStatistics();
        numbers.forEach(over::addValue);
        return over;
    }
}
