package org.focaldistill.loss;

/**
 * {@code T^2 JS = T^2/2 (KL(P || M) + KL(Q || M))} with the softened distributions P of the teacher, Q of the student, and
 * {@code M = (P + Q)/2} (Lin 1991, equation 3.14). At most {@code T^2 ln 2}, and the same both ways.
 */
final class JensenShannon extends ImageTerm {
    private final double temperature;
    private final double[] logP;
    private final double[] logQ;

    JensenShannon(double temperature, int classes) {
        super(classes);
        this.temperature = temperature;
        logP = new double[classes];
        logQ = new double[classes];
    }

    @Override
    double of(double[] student, double[] teacher, int from, int label, double[] slope) {
        int classes = slope.length;
        LogSoftmax.of(teacher, from, classes, temperature, logP, 0);
        LogSoftmax.of(student, from, classes, temperature, logQ, 0);
        double js = 0;
        double mean = 0;
        for (int k = 0; k < classes; k++) {
            double p = Math.exp(logP[k]);
            double q = Math.exp(logQ[k]);
            double ofStudent = overMean(logQ[k] - logP[k]);
            double ofTeacher = overMean(logP[k] - logQ[k]);
            js += (p * ofTeacher + q * ofStudent) / 2;
            slope[k] = ofStudent / 2;
            mean += q * slope[k];
        }
        // dJS/dQ_k = log(Q_k/M_k)/2, through the softmax.
        for (int k = 0; k < classes; k++) {
            double q = Math.exp(logQ[k]);
            slope[k] = temperature * q * (slope[k] - mean);
        }
        return temperature * temperature * js;
    }

    /**
     * {@code log(a/m)} with {@code m = (a + b)/2} and {@code d = log(a/b)}: {@code ln 2 - log(1 + exp(-d))}, near 0 without the
     * difference.
     */
    private static double overMean(double d) {
        return Math.abs(d) < 1
                ? Math.log1p(Math.tanh(d / 2))
                : Math.log(2) - Math.max(-d, 0) - Math.log1p(Math.exp(-Math.abs(d)));
    }
}
