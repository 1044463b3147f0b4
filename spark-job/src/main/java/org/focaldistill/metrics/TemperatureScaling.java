package org.focaldistill.metrics;

/**
 * Predictions whose logits are divided by one temperature after training (Guo et al. 2017, section 4.2). It has nothing
 * to do with the temperature of the distillation loss, and leaves every accuracy as it is.
 *
 * @param temperature what the logits are divided by; 1 leaves them as they are
 * @param nll negative log likelihood with it, in nats
 * @param ece expected calibration error with it, 15 bins, in [0, 1]
 */
public record TemperatureScaling(double temperature, double nll, double ece) {
    private static final int STEPS = 100;
    private static final double STEPS_PER_UNIT = 10;

    /**
     * The temperatures of 0.1, 0.2, ... 10.0 that suit held-out samples best, the first of equally good ones. The two
     * may differ: a smaller NLL need not come with a smaller ECE.
     *
     * @param byNll the one of the smallest NLL, the criterion of Guo et al.
     * @param byEce the one of the smallest ECE, the criterion of Mukhoti et al. 2020
     */
    public record Fit(TemperatureScaling byNll, TemperatureScaling byEce) {}

    /** What a temperature makes of predictions. */
    public static TemperatureScaling of(Predictions predictions, double temperature) {
        Predictions scaled = predictions.atTemperature(temperature);
        return new TemperatureScaling(temperature, scaled.nll(), Evaluation.ece(scaled));
    }

    /** Searches the grid; 100 passes over the predictions. Fit on validation samples, never on test. */
    public static Fit fit(Predictions validation) {
        TemperatureScaling byNll = of(validation, 1 / STEPS_PER_UNIT);
        TemperatureScaling byEce = byNll;
        for (int step = 2; step <= STEPS; step++) {
            TemperatureScaling next = of(validation, step / STEPS_PER_UNIT);
            byNll = next.nll < byNll.nll ? next : byNll;
            byEce = next.ece < byEce.ece ? next : byEce;
        }
        return new Fit(byNll, byEce);
    }
}
