package org.focaldistill.sweep;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.TrialOutcome.Run;
import org.focaldistill.sweep.TrialOutcome.Scaled;
import org.focaldistill.sweep.TrialOutcome.TeacherMetrics;
import org.focaldistill.sweep.TrialOutcome.TestMetrics;
import org.jspecify.annotations.Nullable;

/** Made-up but plausible outcomes for tests of what comes after training. */
public final class SampleOutcomes {
    private static final Instant STARTED = Instant.parse("2026-03-01T10:00:00.123456Z");

    private SampleOutcomes() {}

    /** A trial on photographs, without a validation split. */
    public static Trial trial(double alpha, double beta, double gamma, long seed) {
        return trial(
                new LossSettings(
                        new LossWeights(alpha, beta, gamma), 4, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 2),
                seed,
                false);
    }

    public static Trial trial(LossSettings loss, long seed, boolean generated) {
        return trial(new Pair("resnet56", "resnet20"), loss, seed, generated);
    }

    public static Trial trial(Pair pair, LossSettings loss, long seed, boolean generated) {
        return new Trial(
                new DataRef(generated ? "generated" : "cifar100", "d41d8cd98f00b204", generated, 50000, 0, 10000),
                pair.teacher(),
                "9e107d9d372bb682",
                TeacherMode.ONLINE,
                pair.student(),
                loss,
                new Recipe(240, 64, 0.05, 0.9, 5e-4, List.of(0.625, 0.75, 0.875), 0.1),
                seed,
                seed,
                1,
                0,
                Computation.CPU_FP32,
                SeedStreams.PLAIN);
    }

    /** The same trial on another engine. */
    public static Trial on(Trial trial, Computation computation) {
        return new Trial(
                trial.data(),
                trial.teacher(),
                trial.teacherHash(),
                trial.teacherMode(),
                trial.student(),
                trial.loss(),
                trial.recipe(),
                trial.dataSeed(),
                trial.initSeed(),
                trial.workers(),
                trial.averagingFrequency(),
                computation,
                trial.seedStreams());
    }

    /** The same trial of another seed. */
    public static Trial with(Trial trial, Seed seed) {
        return new Trial(
                trial.data(),
                trial.teacher(),
                trial.teacherHash(),
                trial.teacherMode(),
                trial.student(),
                trial.loss(),
                trial.recipe(),
                seed.data(),
                seed.init(),
                trial.workers(),
                trial.averagingFrequency(),
                trial.computation(),
                seed.streams());
    }

    /** Finished as planned; numbers vary smoothly with the weights and a little with the seed. */
    public static TrialOutcome ok(Trial trial) {
        LossWeights weights = trial.loss().weights();
        double shift = 0.001 * trial.initSeed();
        LossComponents train = new LossComponents(0.9 - 0.5 * weights.alpha(), 0.4 + weights.alpha(), 0.3);
        LossComponents test = new LossComponents(
                1.4 - 0.4 * weights.alpha(), 1.1 + 0.2 * weights.alpha() + shift, 0.8 - weights.gamma());
        double top1 = 0.69 + 0.02 * weights.alpha() - weights.gamma() + shift;
        return new TrialOutcome(
                trial,
                new TeacherMetrics(0.7234, 1.0875, 0.1105),
                TrialStatus.OK,
                null,
                true,
                null,
                trial.recipe().epochs(),
                new SplitLoss(train.total(weights), train),
                null,
                new SplitLoss(test.total(weights), test),
                null,
                null,
                null,
                new TestMetrics(top1, 0.91, 1.1, 0.42, 0.08, 0.079, 0.003, null, null, 0.77),
                run(1),
                "file:/students/" + trial.id() + ".safetensors");
    }

    /** The same outcome with other losses on held-out images, if any, and on the test images. */
    public static TrialOutcome with(TrialOutcome outcome, @Nullable SplitLoss heldOut, SplitLoss test) {
        return copy(outcome, outcome.trial(), heldOut, test, outcome.run());
    }

    /** The same outcome, computed by another library. */
    public static TrialOutcome by(TrialOutcome outcome, String backend) {
        Run run = outcome.run();
        Run other = new Run(
                backend,
                run.imagesPerSecond(),
                run.trainSeconds(),
                run.host(),
                run.device(),
                run.startedAt(),
                run.finishedAt(),
                run.attempt(),
                run.codeVersion());
        return copy(outcome, outcome.trial(), outcome.validation(), outcome.test(), other);
    }

    /** The same numbers of another trial. */
    public static TrialOutcome as(TrialOutcome outcome, Trial trial) {
        return copy(outcome, trial, outcome.validation(), outcome.test(), outcome.run());
    }

    private static TrialOutcome copy(
            TrialOutcome outcome, Trial trial, @Nullable SplitLoss heldOut, @Nullable SplitLoss test, Run run) {
        return new TrialOutcome(
                trial,
                outcome.teacher(),
                outcome.status(),
                outcome.statusDetail(),
                outcome.converged(),
                outcome.firstNegativeStep(),
                outcome.epochsDone(),
                outcome.train(),
                heldOut,
                test,
                outcome.valTop1(),
                outcome.bestEpoch(),
                outcome.bestTestTop1(),
                outcome.testMetrics(),
                run,
                outcome.studentUri());
    }

    /** Stopped being finite in its second epoch. */
    public static TrialOutcome diverged(Trial trial) {
        LossComponents train = new LossComponents(2.5, 4.6, 4.4);
        return new TrialOutcome(
                trial,
                new TeacherMetrics(0.7234, 1.0875, 0.1105),
                TrialStatus.DIVERGED,
                "CE was NaN at step 1200",
                false,
                17L,
                1,
                new SplitLoss(train.total(trial.loss().weights()), train),
                null,
                null,
                null,
                null,
                null,
                null,
                run(2),
                null);
    }

    /** As {@link #ok}, selected on a validation split. */
    public static TrialOutcome validated(Trial trial) {
        TrialOutcome plain = ok(trial);
        return new TrialOutcome(
                trial,
                plain.teacher(),
                TrialStatus.STOPPED_EARLY,
                "validation accuracy did not rise for 20 epochs",
                plain.converged(),
                plain.firstNegativeStep(),
                100,
                plain.train(),
                new SplitLoss(1.25, new LossComponents(1.1, 1.2, 0.9)),
                plain.test(),
                0.681,
                80,
                0.692,
                new TestMetrics(
                        0.69,
                        0.91,
                        1.1,
                        0.42,
                        0.08,
                        0.079,
                        0.003,
                        new Scaled(1.3, 1.05, 0.021),
                        new Scaled(1.4, 1.06, 0.02),
                        0.77),
                plain.run(),
                plain.studentUri());
    }

    private static Run run(int attempt) {
        return new Run(
                "native, onednn",
                1234.5,
                9720.25,
                "worker-3",
                "cpu",
                STARTED,
                STARTED.plusSeconds(9800),
                attempt,
                "0.1.0");
    }

    public static List<EpochRow> epochs(Trial trial, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(epoch -> new EpochRow(
                        trial.id(),
                        epoch,
                        0.05,
                        new SplitLoss(4.0 / epoch, new LossComponents(1.0 / epoch, 3.0 / epoch, 2.5 / epoch)),
                        epoch % 2 == 0 ? new SplitLoss(1, new LossComponents(1, 2, 3)) : null,
                        epoch % 2 == 0 ? 0.5 : null,
                        epoch % 2 == 0 ? 0.1 : null,
                        1.5,
                        40.5,
                        1234.5))
                .toList();
    }

    /** The same of a trial that goes on. */
    public static List<OpenEpochRow> openEpochs(Trial trial, int count, int attempt) {
        return epochs(trial, count).stream()
                .map(epoch -> new OpenEpochRow(trial, attempt, "worker-3", "cpu", STARTED.plusSeconds(60), epoch))
                .toList();
    }

    public static List<ReliabilityRow> reliability(Trial trial) {
        return IntStream.range(0, 15)
                .mapToObj(bin -> new ReliabilityRow(
                        trial.id(),
                        bin,
                        bin / 15.0,
                        (bin + 1) / 15.0,
                        10L * bin,
                        (bin + 0.5) / 15,
                        bin / 20.0,
                        bin % 2 == 0 ? null : new ReliabilityRow.Filling(12L * bin, (bin + 0.4) / 15, bin / 18.0)))
                .toList();
    }
}
