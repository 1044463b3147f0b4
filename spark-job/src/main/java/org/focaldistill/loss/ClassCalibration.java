package org.focaldistill.loss;

import org.jspecify.annotations.Nullable;

/**
 * MDCA, {@code 1/K sum_k |mean_i p_ik - mean_i (y_i = k)|} over a batch: how far the mean probability of each class is from its share
 * (Hebbalaguppe et al. 2022, equation 4). It is chosen over MMCE (Kumar et al. 2018), as it counts all classes and not the predicted
 * one alone, and has neither a kernel nor a width to choose.
 */
final class ClassCalibration {
    private ClassCalibration() {}

    /**
     * The penalty.
     *
     * @param student logits {@code [batch, classes]}, row-major
     * @param labels the true classes {@code [batch]}
     * @param weight of the gradient
     * @param gradient to which {@code weight * dMDCA/dZs} is added, {@code [batch, classes]}; null if not wanted
     */
    static double evaluate(double[] student, int[] labels, double weight, double @Nullable [] gradient) {
        int batch = labels.length;
        int classes = student.length / batch;
        double[] p = new double[student.length];
        double[] excess = new double[classes];
        for (int image = 0; image < batch; image++) {
            int from = image * classes;
            LogSoftmax.of(student, from, classes, 1, p, from);
            for (int k = 0; k < classes; k++) {
                p[from + k] = Math.exp(p[from + k]);
                excess[k] += (p[from + k] - (k == labels[image] ? 1 : 0)) / batch;
            }
        }
        double sum = 0;
        for (double of : excess) {
            sum += Math.abs(of);
        }
        if (gradient != null) {
            for (int from = 0; from < p.length; from += classes) {
                addGradient(p, from, excess, weight / batch / classes, gradient);
            }
        }
        return sum / classes;
    }

    private static void addGradient(double[] p, int from, double[] excess, double scale, double[] gradient) {
        double mean = 0;
        for (int k = 0; k < excess.length; k++) {
            mean += p[from + k] * Math.signum(excess[k]);
        }
        for (int k = 0; k < excess.length; k++) {
            gradient[from + k] += scale * p[from + k] * (Math.signum(excess[k]) - mean);
        }
    }
}
