package org.focaldistill.loss;

import org.jspecify.annotations.Nullable;

/** A way to compare student and teacher on a batch, other than the plain divergence. One belongs to one thread. */
interface DistillationTerm {
    /**
     * The term's value, in the mean over images where each has one of its own.
     *
     * @param student logits {@code [batch, classes]}, row-major
     * @param teacher logits of the same shape
     * @param labels the true classes {@code [batch]}
     * @param weight of the gradient
     * @param gradient to which {@code weight * dTerm/dZs} is added, {@code [batch, classes]}; null if not wanted
     */
    double evaluate(double[] student, double[] teacher, int[] labels, double weight, double @Nullable [] gradient);

    /** The term of these settings, of so many classes. */
    static DistillationTerm of(LossSettings settings, int classes) {
        Distillation distillation = settings.distillation();
        double temperature = settings.temperature();
        return switch (distillation.form()) {
            case KL -> throw new IllegalArgumentException("The plain divergence is measured in any case");
            case JENSEN_SHANNON -> new JensenShannon(temperature, classes);
            case MSE_LOGITS -> new MeanSquaredLogits(classes);
            case STANDARDISED_KL -> new StandardisedDistillation(temperature, classes);
            case DKD ->
                new DecoupledDistillation(
                        distillation.parameter("alpha"), distillation.parameter("beta"), temperature, classes);
            case DIST ->
                new CorrelationDistillation(
                        distillation.parameter("beta"), distillation.parameter("gamma"), temperature, classes);
            case NKD -> new NormalisedDistillation(distillation.parameter("gamma"), temperature, classes);
            case FOCAL_KL ->
                new FocalDistillation(distillation.parameter("exponent"), settings.klDirection(), temperature, classes);
        };
    }
}
