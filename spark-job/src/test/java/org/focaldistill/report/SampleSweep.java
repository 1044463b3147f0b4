package org.focaldistill.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.ReliabilityRow;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialOutcome.Scaled;
import org.focaldistill.sweep.TrialOutcome.TestMetrics;

/** A made-up sweep of several seeds, with every kind of row, whose alpha helps as much as asked and whose gamma does nothing. */
final class SampleSweep {
    private static final double[] ALPHAS = {0, 0.05, 0.1};
    private static final double[] GAMMAS = {0, 0.005, 0.01};
    private static final int EPOCHS = 6;

    private final Random random = new Random(3);
    private final List<PlannedTrial> plan = new ArrayList<>();
    private final ResultStore store;
    private final double alphaEffect;

    private SampleSweep(ResultStore store, double alphaEffect) {
        this.store = store;
        this.alphaEffect = alphaEffect;
    }

    /** @param alphaEffect by how much CE falls from alpha 0 to alpha 0.1; the noise is 0.01 */
    static void write(ResultStore store, int seeds, double alphaEffect) throws IOException {
        SampleSweep sweep = new SampleSweep(store, alphaEffect);
        for (int seed = 1; seed <= seeds; seed++) {
            sweep.seed(seed);
        }
        Trial diverged = trial(0.5, 0.5, 1, 1);
        store.commit(SampleOutcomes.diverged(diverged), SampleOutcomes.epochs(diverged, 1), List.of());
        sweep.plan.add(new PlannedTrial(diverged, Set.of(Role.LINE)));
        TrialOutcome lost = SampleOutcomes.diverged(diverged);
        store.recordAttempt(new AttemptRow(
                diverged.id(),
                1,
                "worker-<1>",
                "cpu",
                lost.run().startedAt(),
                lost.run().finishedAt(),
                AttemptRow.End.FAILED,
                "IOException: <script>alert('no')</script> & \"quotes\"\n\tat somewhere"));
        sweep.plan.add(new PlannedTrial(trial(0.5, 0.5, 0.5, 1), Set.of(Role.LINE)));
        store.writePlan("sample", sweep.plan);
    }

    private static Trial trial(double alpha, double beta, double gamma, long seed) {
        return SampleOutcomes.trial(LossSettings.of(new LossWeights(alpha, beta, gamma)), seed, false);
    }

    private void seed(long seed) throws IOException {
        double common = 0.03 * random.nextGaussian();
        for (double alpha : ALPHAS) {
            for (double gamma : GAMMAS) {
                boolean baseline = alpha == 0 && gamma == 0;
                add(
                        trial(alpha, 1 - alpha, gamma, seed),
                        common,
                        baseline ? Set.of(Role.GRID, Role.BASELINE) : Set.of(Role.GRID));
            }
        }
        add(trial(0.5, 0.5, 0, seed), common, Set.of(Role.BASELINE));
        add(trial(0.9, 0.1, 0, seed), common, Set.of(Role.REFERENCE));
    }

    private void add(Trial trial, double common, Set<Role> roles) throws IOException {
        LossWeights weights = trial.loss().weights();
        double helped = alphaEffect * Math.min(1, weights.alpha() / 0.1);
        double ce = 1.4 - helped + common + 0.01 * random.nextGaussian();
        LossComponents test = new LossComponents(1.9 - helped, ce, 0.8 * ce);
        double top1 = 0.65 + 0.2 * helped - 0.2 * common + 0.002 * random.nextGaussian();
        double ece = 0.09 - 0.1 * helped + 0.002 * random.nextGaussian();
        TrialOutcome plain = SampleOutcomes.ok(trial);
        store.commit(
                new TrialOutcome(
                        trial,
                        plain.teacher(),
                        plain.status(),
                        null,
                        true,
                        null,
                        EPOCHS,
                        new SplitLoss(test.total(weights) - 0.2, test),
                        null,
                        new SplitLoss(test.total(weights), test),
                        0.6,
                        3,
                        0.64,
                        new TestMetrics(
                                top1,
                                0.9,
                                ce,
                                0.45,
                                ece,
                                ece - 0.001,
                                0.004,
                                new Scaled(1.4, ce - 0.05, 0.02),
                                new Scaled(1.5, ce - 0.04, 0.018),
                                0.77),
                        plain.run(),
                        plain.studentUri()),
                epochs(trial, ce),
                reliability(trial));
        plan.add(new PlannedTrial(trial, roles));
    }

    private static List<EpochRow> epochs(Trial trial, double last) {
        return IntStream.rangeClosed(1, EPOCHS)
                .mapToObj(epoch -> {
                    double ce = last + 2.0 / epoch - 2.0 / EPOCHS;
                    LossComponents parts = new LossComponents(1.2 * ce, ce, 0.8 * ce);
                    SplitLoss loss = new SplitLoss(parts.total(trial.loss().weights()), parts);
                    return new EpochRow(trial.id(), epoch, 0.05, loss, loss, 0.7 - 0.1 * ce, 0.05, 1.5, 40, 1200);
                })
                .toList();
    }

    private static List<ReliabilityRow> reliability(Trial trial) {
        return IntStream.range(0, 15)
                .mapToObj(bin -> {
                    double confidence = (bin + 0.5) / 15;
                    return new ReliabilityRow(
                            trial.id(),
                            bin,
                            bin / 15.0,
                            (bin + 1) / 15.0,
                            40L * bin,
                            bin == 0 ? 0 : confidence,
                            bin == 0 ? 0 : confidence * confidence,
                            new ReliabilityRow.Filling(30L + bin, confidence, 0.97 * confidence));
                })
                .toList();
    }
}
