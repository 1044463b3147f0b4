package org.focaldistill.loss;

/**
 * {@code T^2 KL(softmax(N(Zt)/T) || softmax(N(Zs)/T))} with {@code N(z) = (z - mean z) / sd z} of each image, so that the student
 * need not meet the size of the teacher's logits (Sun et al. 2024, algorithm 1). The sd is that of all classes, with K below the
 * root.
 */
final class StandardisedDistillation extends ImageTerm {
    private final double temperature;
    private final double[] ofStudent;
    private final double[] ofTeacher;
    private final Divergence divergence;

    StandardisedDistillation(double temperature, int classes) {
        super(classes);
        this.temperature = temperature;
        ofStudent = new double[classes];
        ofTeacher = new double[classes];
        divergence = new Divergence(KlDirection.TEACHER_STUDENT, temperature, classes);
    }

    @Override
    double of(double[] student, double[] teacher, int from, int label, double[] slope) {
        double sd = standardise(student, from, ofStudent);
        double unused = standardise(teacher, from, ofTeacher);
        divergence.read(ofStudent, ofTeacher, 0);
        int classes = slope.length;
        double mean = 0;
        double along = 0;
        for (int k = 0; k < classes; k++) {
            slope[k] = temperature * divergence.slope(k);
            mean += slope[k] / classes;
            along += slope[k] * ofStudent[k] / classes;
        }
        for (int k = 0; k < classes; k++) {
            slope[k] = sd == 0 ? 0 : (slope[k] - mean - along * ofStudent[k]) / sd;
        }
        return divergence.value();
    }

    /** Writes the standardised logits, 0 where all are alike; returns their sd. */
    private static double standardise(double[] logits, int from, double[] standardised) {
        int classes = standardised.length;
        double mean = 0;
        for (int k = 0; k < classes; k++) {
            mean += logits[from + k] / classes;
        }
        double variance = 0;
        for (int k = 0; k < classes; k++) {
            standardised[k] = logits[from + k] - mean;
            variance += standardised[k] * standardised[k] / classes;
        }
        double sd = Math.sqrt(variance);
        for (int k = 0; k < classes; k++) {
            standardised[k] = sd == 0 ? 0 : standardised[k] / sd;
        }
        return sd;
    }
}
