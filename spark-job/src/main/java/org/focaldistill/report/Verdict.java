package org.focaldistill.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.noise.CellDifference;
import org.focaldistill.sweep.noise.Comparison;
import org.focaldistill.sweep.noise.FactorEffects;
import org.focaldistill.sweep.noise.Noise;
import org.focaldistill.sweep.noise.SeedLayout;
import org.focaldistill.sweep.noise.TwoWayFit;
import org.focaldistill.text.Words;

/** What can be said of a panel and what can not, in words. */
final class Verdict {
    /** The quantities that are judged; each has its own 5 % of false alarms. */
    static final List<Quantity> JUDGED = List.of(Quantity.TEST_CE, Quantity.TEST_TOP1, Quantity.TEST_ECE);

    private final Findings findings;

    Verdict(Findings findings) {
        this.findings = findings;
    }

    /** One sentence. */
    String sentence() {
        Optional<Comparison<LossWeights>> ce = findings.comparison(Quantity.TEST_CE);
        Optional<Comparison<LossWeights>> top1 = findings.comparison(Quantity.TEST_TOP1);
        if (ce.isEmpty() || top1.isEmpty()) {
            return "There are not yet two cells to compare.";
        }
        Double smallestCe = ce.get().smallestEffect();
        Double smallestTop1 = top1.get().smallestEffect();
        if (smallestCe == null || smallestTop1 == null) {
            return "With one seed nothing can be said about single cells: how much a cell moves by chance was not"
                    + " measured, so every difference below may be noise; more sweep.seeds would tell.";
        }
        SeedLayout seeds = ce.get().table().layout();
        String baseline = " (" + Findings.name(findings.baseline()) + ")";
        return "With " + seeds + ", " + beside(ce.get(), "test CE", baseline) + " and "
                + beside(top1.get(), "top-1", "") + "; " + gamma() + "differences below "
                + Decimals.fixed(smallestCe, 3) + " in CE or "
                + Decimals.fixed(smallestTop1, 2)
                + " points of top-1 are too small for this sweep to find, and it says nothing of "
                + (seeds.oneInitialisation() ? "other initialisations, " : "")
                + (seeds.oneDataOrder() ? "other data orders, " : "")
                + "other images, longer training or other networks.";
    }

    private static String beside(Comparison<LossWeights> comparison, String what, String baseline) {
        int all = comparison.table().cells().size() - 1;
        int better = comparison.betterBeyondNoise().size();
        int worse = comparison.worseBeyondNoise().size();
        if (better + worse == 0) {
            return "none of " + all + " cells differs from the baseline" + baseline + " in " + what
                    + " by more than noise";
        }
        return better + " of " + all + " cells " + (better == 1 ? "has" : "have") + " a better " + what
                + " than the baseline" + baseline + " beyond noise"
                + (worse == 0 ? "" : " and " + worse + " a worse one");
    }

    private String gamma() {
        Optional<FactorEffects> effects = findings.fit(Quantity.TEST_CE).map(TwoWayFit::gamma);
        return effects.map(gamma -> "gamma " + (gamma.beyondNoise() ? "moves" : "does not visibly move") + " test CE ("
                        + p(gamma.p()) + "); ")
                .orElse("");
    }

    /** The figures behind the sentence, one statement each. */
    List<String> details() {
        List<String> details = new ArrayList<>();
        for (Quantity quantity : JUDGED) {
            findings.comparison(quantity).ifPresent(comparison -> details.addAll(details(quantity, comparison)));
        }
        for (Quantity quantity : JUDGED) {
            findings.fit(quantity).ifPresent(fit -> details.add(effects(quantity, fit)));
        }
        return details;
    }

    private static List<String> details(Quantity quantity, Comparison<LossWeights> comparison) {
        Noise<LossWeights> noise = comparison.noise();
        Double smallest = comparison.smallestEffect();
        CellDifference<LossWeights> best = comparison.best().orElse(null);
        if (noise == null || smallest == null || best == null || best.among() == null) {
            return List.of();
        }
        List<String> details = new ArrayList<>();
        details.add(quantity.title() + ": on the test images " + Findings.name(best.cell())
                + " does best beside the baseline: " + signed(quantity, best.mean()) + " ("
                + signed(quantity, best.among().low()) + " to "
                + signed(quantity, best.among().high()) + ", allowing for the picking of one of "
                + (comparison.table().cells().size() - 1) + " by them); "
                + comparison.contenders().size() + " of "
                + comparison.table().cells().size() + " cells, the baseline counted, may be the truly best one.");
        details.add(quantity.title() + ": noise from seed to seed is " + quantity.format(noise.sd())
                + " (standard deviation" + (noise.parts() == null ? ", " : "; " + parts(quantity, noise.parts()) + "; ")
                + degrees(noise.degreesOfFreedom()) + " degrees of freedom); "
                + (noise.pairing() == null ? "" : pairing(noise.pairing()))
                + "a true difference of " + quantity.format(smallest) + " is found with 80 % chance.");
        if (noise.outlier() != null) {
            details.add(quantity.title() + ": " + Findings.name(noise.outlier())
                    + " is much noisier than the other cells, so the intervals that hold together are too narrow for it"
                    + " and too wide for the others; read each cell's own interval.");
        }
        if (!comparison.notJudged().isEmpty()) {
            details.add(
                    quantity.title() + ": " + Words.count(comparison.notJudged().size(), "cell")
                            + (comparison.notJudged().size() == 1 ? " lacks a seed and is" : " lack a seed and are")
                            + " left out of the judgement.");
        }
        return details;
    }

    private static String parts(Quantity quantity, Noise.Parts parts) {
        return quantity.format(parts.data()) + " from data order, " + quantity.format(parts.init())
                + " from initial weights, " + quantity.format(parts.rest()) + " from the two together";
    }

    private static String pairing(Noise.Pairing pairing) {
        return "values of one seed are correlated by " + Decimals.fixed(pairing.correlation(), 2) + " ("
                + Decimals.fixed(pairing.interval().low(), 2) + " to "
                + Decimals.fixed(pairing.interval().high(), 2) + "); ";
    }

    private static String degrees(double degreesOfFreedom) {
        return Decimals.fixed(degreesOfFreedom, degreesOfFreedom == Math.rint(degreesOfFreedom) ? 0 : 1);
    }

    private static String effects(Quantity quantity, TwoWayFit fit) {
        List<String> parts = new ArrayList<>();
        Optional.ofNullable(fit.alpha()).ifPresent(alpha -> parts.add(effect("alpha", quantity, alpha)));
        Optional.ofNullable(fit.gamma()).ifPresent(gamma -> parts.add(effect("gamma", quantity, gamma)));
        Double together = fit.interactionP();
        if (together != null) {
            parts.add("what the two do only together is "
                    + (together < Comparison.LEVEL ? "more than noise (" : "within noise (") + p(together) + ")");
        } else if (fit.seeds() == 1) {
            parts.add("with one seed, what the weights do only together counts as noise here");
        }
        return quantity.title() + ", fitted over the grid: " + String.join("; ", parts) + ".";
    }

    private static String effect(String weight, Quantity quantity, FactorEffects effects) {
        FactorEffects.Level last = effects.levels().get(effects.levels().size() - 1);
        return weight + " " + Decimals.compact(last.value()) + " instead of the lowest gives "
                + signed(quantity, last.effect()) + " ("
                + signed(quantity, last.interval().low()) + " to "
                + signed(quantity, last.interval().high()) + "; all levels: " + p(effects.p()) + ")";
    }

    private static String p(double p) {
        return p < 0.001 ? "p below 0.001" : "p = " + Decimals.p(p);
    }

    static String signed(Quantity quantity, double value) {
        return Decimals.signed(value, quantity.decimals());
    }
}
