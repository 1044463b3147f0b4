package org.focaldistill.loss;

import org.jspecify.annotations.Nullable;

/**
 * {@code T^2 (beta (1 - mean r_i) + gamma (1 - mean r_k))} with Pearson's correlations r of teacher and student in their softened
 * probabilities, {@code r_i} of image i over the classes and {@code r_k} of class k over the batch (Huang et al. 2022, equations 7 to
 * 10). So the batch is part of an image's loss; one that is alone in it has no {@code r_k}, which counts as 0.
 */
final class CorrelationDistillation implements DistillationTerm {
    private final double beta;
    private final double gamma;
    private final double temperature;
    private final int classes;

    CorrelationDistillation(double beta, double gamma, double temperature, int classes) {
        this.beta = beta;
        this.gamma = gamma;
        this.temperature = temperature;
        this.classes = classes;
    }

    @Override
    public double evaluate(
            double[] student, double[] teacher, int[] labels, double weight, double @Nullable [] gradient) {
        int batch = labels.length;
        double[] ofStudent = softened(student, batch);
        double[] ofTeacher = softened(teacher, batch);
        double[] slopes = new double[student.length];
        double ofImages = 0;
        Correlation overClasses = new Correlation(classes);
        for (int image = 0; image < batch; image++) {
            ofImages += overClasses.of(ofStudent, ofTeacher, image * classes, 1, beta / batch, slopes);
        }
        double ofClasses = 0;
        Correlation overBatch = new Correlation(batch);
        for (int k = 0; k < classes; k++) {
            ofClasses += overBatch.of(ofStudent, ofTeacher, k, classes, gamma / classes, slopes);
        }
        if (gradient != null) {
            addThroughSoftmax(ofStudent, slopes, weight * temperature, gradient);
        }
        return temperature * temperature * (beta * (1 - ofImages / batch) + gamma * (1 - ofClasses / classes));
    }

    private double[] softened(double[] logits, int batch) {
        double[] probabilities = new double[logits.length];
        for (int image = 0; image < batch; image++) {
            LogSoftmax.of(logits, image * classes, classes, temperature, probabilities, image * classes);
        }
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = Math.exp(probabilities[i]);
        }
        return probabilities;
    }

    private void addThroughSoftmax(double[] probabilities, double[] slopes, double scale, double[] gradient) {
        for (int from = 0; from < slopes.length; from += classes) {
            double mean = 0;
            for (int k = from; k < from + classes; k++) {
                mean += probabilities[k] * slopes[k];
            }
            for (int k = from; k < from + classes; k++) {
                gradient[k] += scale * probabilities[k] * (slopes[k] - mean);
            }
        }
    }

    /** Pearson's correlation of two rows or columns, and its slope in the first. */
    private static final class Correlation {
        /** As in the authors' code, so that what does not vary has the correlation 0. */
        private static final double EPSILON = 1e-8;

        private final double[] a;
        private final double[] b;

        Correlation(int length) {
            a = new double[length];
            b = new double[length];
        }

        /**
         * @param from where the first values are, the others {@code stride} apart
         * @param weight of the slope
         * @param slopes from which {@code weight * dr/da} is taken, as the loss is 1 - r
         */
        double of(double[] first, double[] second, int from, int stride, double weight, double[] slopes) {
            double dot = 0;
            double ofA = centre(first, from, stride, a);
            double ofB = centre(second, from, stride, b);
            for (int i = 0; i < a.length; i++) {
                dot += a[i] * b[i];
            }
            double norms = ofA * ofB + EPSILON;
            double r = dot / norms;
            double along = ofA == 0 ? 0 : r * ofB / (norms * ofA);
            for (int i = 0; i < a.length; i++) {
                slopes[from + i * stride] -= weight * (b[i] / norms - along * a[i]);
            }
            return r;
        }

        /** Writes the values less their mean; returns their Euclidean norm. */
        private static double centre(double[] values, int from, int stride, double[] centred) {
            double mean = 0;
            for (int i = 0; i < centred.length; i++) {
                mean += values[from + i * stride] / centred.length;
            }
            double squares = 0;
            for (int i = 0; i < centred.length; i++) {
                centred[i] = values[from + i * stride] - mean;
                squares += centred[i] * centred[i];
            }
            return Math.sqrt(squares);
        }
    }
}
