package org.focaldistill.sweep;

import java.util.ArrayList;
import java.util.List;
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
 */
public record LossVariants(
        List<Double> temperatures,
        List<KlDirection> klDirections,
        List<FocalForm> focalForms,
        List<Double> focalExponents,
        List<Double> labelSmoothings) {

    public LossVariants {
        temperatures = Distinct.nonEmpty("temperature", temperatures);
        klDirections = Distinct.nonEmpty("klDirection", klDirections);
        focalForms = Distinct.nonEmpty("focalForm", focalForms);
        focalExponents = Distinct.nonEmpty("focalExponent", focalExponents);
        labelSmoothings = Distinct.nonEmpty("labelSmoothing", labelSmoothings);
    }

    /** The ones of given settings alone. */
    public static LossVariants of(LossSettings settings) {
        return new LossVariants(
                List.of(settings.temperature()),
                List.of(settings.klDirection()),
                List.of(settings.focalForm()),
                List.of(settings.focalExponent()),
                List.of(settings.labelSmoothing()));
    }

    /** Every combination around the given weights, the last setting moving fastest. */
    List<LossSettings> around(LossWeights weights) {
        List<LossSettings> all = new ArrayList<>();
        for (double temperature : temperatures) {
            for (KlDirection direction : klDirections) {
                for (FocalForm form : focalForms) {
                    for (double exponent : focalExponents) {
                        labelSmoothings.forEach(smoothing ->
                                all.add(new LossSettings(weights, temperature, direction, form, exponent, smoothing)));
                    }
                }
            }
        }
        return all;
    }
}
