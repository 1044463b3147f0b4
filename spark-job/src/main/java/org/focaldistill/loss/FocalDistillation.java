package org.focaldistill.loss;

/**
 * {@code (1 - p_y)^e T^2 KL}: the divergence of each image weighted by how badly the student classifies it, p being at temperature 1,
 * as the focal loss weights the cross entropy (Lin et al. 2017, equation 4). The gradient goes through the weight too.
 */
final class FocalDistillation extends ImageTerm {
    private final double exponent;
    private final double temperature;
    private final double[] logP;
    private final Divergence divergence;

    FocalDistillation(double exponent, KlDirection direction, double temperature, int classes) {
        super(classes);
        this.exponent = exponent;
        this.temperature = temperature;
        logP = new double[classes];
        divergence = new Divergence(direction, temperature, classes);
    }

    @Override
    double of(double[] student, double[] teacher, int from, int label, double[] slope) {
        LogSoftmax.of(student, from, slope.length, 1, logP, 0);
        divergence.read(student, teacher, from);
        double rest = -Math.expm1(logP[label]);
        double weight = Math.pow(rest, exponent);
        // dw/dz_k = -e w p_y/(1 - p_y) ((k = y) - p_k)
        double fall = divergence.value() * exponent * weight * Math.exp(logP[label]);
        for (int k = 0; k < slope.length; k++) {
            double others = k == label ? -1 : rest == 0 ? 0 : Math.exp(logP[k]) / rest;
            slope[k] = weight * temperature * divergence.slope(k) + fall * others;
        }
        return weight * divergence.value();
    }
}
