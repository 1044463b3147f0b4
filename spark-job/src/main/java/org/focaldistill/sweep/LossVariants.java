package org.focaldistill.sweep;

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
 */
public record LossVariants(
        List<Double> temperatures,
        List<KlDirection> klDirections,
        List<FocalForm> focalForms,
        List<Double> focalExponents) {

    public LossVariants {
        temperatures = Distinct.nonEmpty("temperature", temperatures);
        klDirections = Distinct.nonEmpty("klDirection", klDirections);
        focalForms = Distinct.nonEmpty("focalForm", focalForms);
        focalExponents = Distinct.nonEmpty("focalExponent", focalExponents);
    }

    /** The ones of given settings alone. */
    public static LossVariants of(LossSettings settings) {
        return new LossVariants(
                List.of(settings.temperature()),
                List.of(settings.klDirection()),
                List.of(settings.focalForm()),
                List.of(settings.focalExponent()));
    }

    /** Every combination around the given weights, the exponent moving fastest. */
    List<LossSettings> around(LossWeights weights) {
        return temperatures.stream()
                .flatMap(temperature -> klDirections.stream()
                        .flatMap(direction -> focalForms.stream()
                                .flatMap(form -> focalExponents.stream()
                                        .map(exponent ->
                                                new LossSettings(weights, temperature, direction, form, exponent)))))
                .toList();
    }
}
