package org.focaldistill.spark;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.focaldistill.metrics.Evaluation;
import org.focaldistill.metrics.ReliabilityBin;
import org.focaldistill.metrics.TemperatureScaling;
import org.focaldistill.spark.gpu.SlotPlace;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.ReliabilityRow;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.sweep.stop.HeldOut;
import org.focaldistill.train.EpochResult;
import org.focaldistill.train.TrialTrainer;
import org.jspecify.annotations.Nullable;

/** Turns what training gave into rows of the result tables. */
final class OutcomeRows {
    private OutcomeRows() {}

    static TrialOutcome finished(TrialLeg leg, TrialTrainer.Finished finished, SlotPlace place, String studentUri) {
        List<EpochResult> history = finished.state().history();
        EpochResult last = history.get(history.size() - 1);
        TrialTrainer.Measured measured = finished.measured();
        Evaluation test = measured.evaluation();
        TrialTrainer.Calibration calibration = measured.calibration();
        var best = finished.state().best();
        boolean whole = history.size() == leg.leg().recipe().epochs();
        return new TrialOutcome(
                leg.trial(),
                leg.teacherMetrics(),
                whole ? TrialStatus.OK : TrialStatus.STOPPED_EARLY,
                whole || leg.stop() == null ? null : leg.stop().detail(),
                converged(history, leg.leg().data().classes()),
                finished.state().firstNegativeStep(),
                history.size(),
                last.train(),
                last.validation(),
                measured.loss(),
                last.valTop1(),
                best == null ? null : best.epoch(),
                measured.bestTestTop1(),
                new TrialOutcome.TestMetrics(
                        test.top1(),
                        test.top5(),
                        test.nll(),
                        test.brier(),
                        test.ece(),
                        test.adaEce(),
                        test.classwiseEce(),
                        scaled(calibration == null ? null : calibration.byNll()),
                        scaled(calibration == null ? null : calibration.byEce()),
                        measured.agreementTop1() == null ? Double.NaN : measured.agreementTop1()),
                run(leg, history, place),
                studentUri);
    }

    static TrialOutcome diverged(TrialLeg leg, TrialTrainer.Diverged diverged, SlotPlace place) {
        List<EpochResult> history = diverged.history();
        EpochResult last = history.isEmpty() ? null : history.get(history.size() - 1);
        String detail =
                diverged.what() + " not finite at step " + diverged.step() + " (epoch " + diverged.epoch() + ")";
        return new TrialOutcome(
                leg.trial(),
                leg.teacherMetrics(),
                TrialStatus.DIVERGED,
                detail,
                false,
                diverged.firstNegativeStep(),
                history.size(),
                last == null ? null : last.train(),
                last == null ? null : last.validation(),
                null,
                last == null ? null : last.valTop1(),
                null,
                null,
                null,
                run(leg, history, place),
                null);
    }

    /** Better than guessing by the class frequencies, and better than it began. */
    private static boolean converged(List<EpochResult> history, int classes) {
        double first = history.get(0).train().components().ce();
        double last = history.get(history.size() - 1).train().components().ce();
        return last < 0.95 * Math.log(classes) && (history.size() == 1 || last < first);
    }

    private static TrialOutcome.Run run(TrialLeg leg, List<EpochResult> history, SlotPlace place) {
        double seconds = history.stream().mapToDouble(EpochResult::seconds).sum();
        double images = history.stream().mapToDouble(EpochResult::images).sum();
        return new TrialOutcome.Run(
                place.backend(),
                seconds == 0 ? 0 : images / seconds,
                seconds,
                place.host(),
                place.device(),
                leg.startedAt(),
                Instant.now(),
                leg.attempt(),
                leg.codeVersion());
    }

    /** What each epoch gave on the held-out images; empty where there are none. */
    static List<HeldOut> heldOut(List<EpochResult> history) {
        List<HeldOut> course = new ArrayList<>();
        for (EpochResult epoch : history) {
            if (epoch.validation() == null || epoch.valTop1() == null) {
                return List.of();
            }
            course.add(new HeldOut(epoch.validation().components().ce(), epoch.valTop1()));
        }
        return course;
    }

    static List<EpochRow> epochs(String trialId, List<EpochResult> history) {
        return history.stream()
                .map(epoch -> new EpochRow(
                        trialId,
                        epoch.epoch(),
                        epoch.learningRate(),
                        epoch.train(),
                        epoch.validation(),
                        epoch.valTop1(),
                        epoch.valEce(),
                        epoch.gradNorm(),
                        epoch.seconds(),
                        epoch.images() / epoch.seconds()))
                .toList();
    }

    static List<ReliabilityRow> reliability(String trialId, TrialTrainer.Measured measured) {
        TrialTrainer.Calibration calibration = measured.calibration();
        List<ReliabilityRow> rows = new ArrayList<>();
        for (ReliabilityBin bin : measured.evaluation().reliability()) {
            int number = rows.size();
            rows.add(new ReliabilityRow(
                    trialId,
                    number,
                    bin.lower(),
                    bin.upper(),
                    bin.count(),
                    bin.confidence(),
                    bin.accuracy(),
                    calibration == null
                            ? null
                            : filling(calibration.reliability().get(number))));
        }
        return rows;
    }

    private static ReliabilityRow.Filling filling(ReliabilityBin bin) {
        return new ReliabilityRow.Filling(bin.count(), bin.confidence(), bin.accuracy());
    }

    private static TrialOutcome.@Nullable Scaled scaled(@Nullable TemperatureScaling scaling) {
        return scaling == null ? null : new TrialOutcome.Scaled(scaling.temperature(), scaling.nll(), scaling.ece());
    }
}
