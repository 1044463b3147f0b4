package org.focaldistill.loss;

/** {@code 1/K sum (Zs - Zt)^2}: the logits themselves, without a temperature (Kim et al. 2021, equation 4). */
final class MeanSquaredLogits extends ImageTerm {
    MeanSquaredLogits(int classes) {
        super(classes);
    }

    @Override
    double of(double[] student, double[] teacher, int from, int label, double[] slope) {
        double sum = 0;
        for (int k = 0; k < slope.length; k++) {
            double difference = student[from + k] - teacher[from + k];
            sum += difference * difference;
            slope[k] = 2 * difference / slope.length;
        }
        return sum / slope.length;
    }
}
