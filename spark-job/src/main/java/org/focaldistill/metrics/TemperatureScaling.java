package org.focaldistill.metrics;

/**
 * Post-hoc calibration: logits are divided by one temperature fitted on held-out samples (Guo et al. 2017, section 4.2).
 * It has nothing to do with the temperature of the distillation loss.
 *
 * @param temperature of 0.1, 0.2, ... 10.0 the one of the smallest NLL; the first of equal ones
 * @param nll that NLL on the samples it was fitted on, in nats
 */
public record TemperatureScaling(double temperature, double nll) {
    private static final int STEPS = 100;
    private static final double STEPS_PER_UNIT = 10;

    /** Searches the grid; 100 passes over the predictions. Fit on validation samples, never on test. */
    public static TemperatureScaling fit(Predictions validation) {
        double best = 1;
        double bestNll = Double.POSITIVE_INFINITY;
        for (int step = 1; step <= STEPS; step++) {
            double nll = validation.nllAtTemperature(step / STEPS_PER_UNIT);
            if (nll < bestNll) {
                best = step / STEPS_PER_UNIT;
                bestNll = nll;
            }
        }
        return new TemperatureScaling(best, bestNll);
    }
}
