package org.focaldistill.sweep;

import java.util.List;
import java.util.function.BiFunction;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;

/**
 * The loss settings beside the weights; a sweep tries every combination.
 *
 * @param temperatures distillation temperatures
 * @param klDirections orders of the divergence's arguments
 * @param focalForms ways to compute the focal term
 * @param focalExponents focusing exponents
 * @param labelSmoothings parts of a label that all classes share
 * @param distillations what alpha weighs, and when
 * @param calibrationWeights weights of the calibration penalty
 */
public record LossVariants(
        List<Double> temperatures,
        List<KlDirection> klDirections,
        List<FocalForm> focalForms,
        List<Double> focalExponents,
        List<Double> labelSmoothings,
        List<Distillation> distillations,
        List<Double> calibrationWeights) {

    public LossVariants {
        temperatures = Distinct.nonEmpty("temperature", temperatures);
        klDirections = Distinct.nonEmpty("klDirection", klDirections);
        focalForms = Distinct.nonEmpty("focalForm", focalForms);
        focalExponents = Distinct.nonEmpty("focalExponent", focalExponents);
        labelSmoothings = Distinct.nonEmpty("labelSmoothing", labelSmoothings);
        distillations = Distinct.nonEmpty("distillation", distillations);
        calibrationWeights = Distinct.nonEmpty("calibrationWeight", calibrationWeights);
    }

    /** The ones of given settings alone. */
    public static LossVariants of(LossSettings settings) {
        return new LossVariants(
                List.of(settings.temperature()),
                List.of(settings.klDirection()),
                List.of(settings.focalForm()),
                List.of(settings.focalExponent()),
                List.of(settings.labelSmoothing()),
                List.of(settings.distillation()),
                List.of(settings.calibrationWeight()));
    }

    /**
     * These.
     *
     * @throws IllegalArgumentException if a combination can not be
     */
    public LossVariants checked() {
        List<LossSettings> unused = around(LossWeights.CROSS_ENTROPY);
        return this;
    }

    /** With the plain divergence in place of their forms. */
    public LossVariants plain() {
        return new LossVariants(
                temperatures,
                klDirections,
                focalForms,
                focalExponents,
                labelSmoothings,
                List.of(Distillation.PLAIN),
                calibrationWeights);
    }

    /** Every combination around the given weights, the last setting moving fastest. */
    List<LossSettings> around(LossWeights weights) {
        List<LossSettings> all = List.of(LossSettings.of(weights));
        // The first four begin anew with what comes after them.
        all = each(
                all,
                temperatures,
                (loss, temperature) -> new LossSettings(
                        weights, temperature, loss.klDirection(), loss.focalForm(), loss.focalExponent()));
        all = each(
                all,
                klDirections,
                (loss, direction) -> new LossSettings(
                        weights, loss.temperature(), direction, loss.focalForm(), loss.focalExponent()));
        all = each(
                all,
                focalForms,
                (loss, form) ->
                        new LossSettings(weights, loss.temperature(), loss.klDirection(), form, loss.focalExponent()));
        all = each(
                all,
                focalExponents,
                (loss, exponent) ->
                        new LossSettings(weights, loss.temperature(), loss.klDirection(), loss.focalForm(), exponent));
        all = each(all, labelSmoothings, LossSettings::withLabelSmoothing);
        all = each(all, distillations, LossSettings::withDistillation);
        return each(all, calibrationWeights, LossSettings::withCalibrationWeight);
    }

    private static <T> List<LossSettings> each(
            List<LossSettings> losses, List<T> values, BiFunction<LossSettings, T, LossSettings> with) {
        return losses.stream()
                .flatMap(loss -> values.stream().map(value -> with.apply(loss, value)))
                .toList();
    }
}
