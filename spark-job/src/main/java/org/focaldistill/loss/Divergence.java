package org.focaldistill.loss;

/**
 * {@code T^2 KL(softmax(Za/T) || softmax(Zb/T))} of one sample and its slope in the student's logits. The arrays are used
 * again for each sample.
 *
 * <p>The larger the temperature, the less two softened distributions differ, and a difference of two logarithms of about
 * {@code -ln(classes)} comes to be all rounding, which T^2 then enlarges. From {@link #PRECISE_FROM} on the log ratio
 * {@code r = log(a/b)} is therefore taken from the difference of the logits, and the divergence from the equal sum
 * {@code a (exp(-r) - 1 + r)}, no term of which is negative. It tends to half the mean squared difference of the centred
 * logits (Hinton et al. 2015, section 2.1).
 */
final class Divergence {
    /** Above any temperature one trains with, so that the plain sum, and every bit of it, stays theirs. */
    private static final double PRECISE_FROM = 1000;

    private final KlDirection direction;
    private final double temperature;
    private final double[] logStudent;
    private final double[] logTeacher;
    private final double[] logRatio;
    private double value;

    Divergence(KlDirection direction, double temperature, int classes) {
        this.direction = direction;
        this.temperature = temperature;
        logStudent = new double[classes];
        logTeacher = new double[classes];
        logRatio = new double[classes];
    }

    /** Compares the logits {@code [classes]} that start at {@code from}. */
    void read(double[] student, double[] teacher, int from) {
        LogSoftmax.of(student, from, logRatio.length, temperature, logStudent, 0);
        LogSoftmax.of(teacher, from, logRatio.length, temperature, logTeacher, 0);
        double[] logFirst = teacherFirst() ? logTeacher : logStudent;
        double[] logSecond = teacherFirst() ? logStudent : logTeacher;
        if (precise()
                && readDifferences(teacherFirst() ? teacher : student, teacherFirst() ? student : teacher, from)) {
            centre(logSecond);
        } else {
            readRatios(logFirst, logSecond);
        }
        value = 0;
        for (int k = 0; k < logRatio.length; k++) {
            value += precise()
                    ? preciseTerm(logFirst[k], logSecond[k], logRatio[k])
                    : Math.exp(logFirst[k]) * logRatio[k];
        }
    }

    /** The divergence times T^2, which keeps the gradient's size when T changes (Hinton et al. 2015, section 2). */
    double value() {
        return temperature * temperature * value;
    }

    /** The slope of the divergence without T^2 in the student's scaled logit of class k, {@code Zs_k / T}. */
    double slope(int k) {
        double student = Math.exp(logStudent[k]);
        if (!teacherFirst()) {
            return student * (logRatio[k] - value);
        }
        return precise() && near(logRatio[k]) ? -student * Math.expm1(logRatio[k]) : student - Math.exp(logTeacher[k]);
    }

    private boolean teacherFirst() {
        return direction == KlDirection.TEACHER_STUDENT;
    }

    private boolean precise() {
        return temperature >= PRECISE_FROM;
    }

    private void readRatios(double[] logFirst, double[] logSecond) {
        for (int k = 0; k < logRatio.length; k++) {
            logRatio[k] = logFirst[k] - logSecond[k];
        }
    }

    /** With d, the scaled differences of the logits about their mean: {@code r = d - log sum b exp(d)}. */
    private void centre(double[] logSecond) {
        double sum = 0;
        for (int k = 0; k < logRatio.length; k++) {
            sum += Math.exp(logSecond[k]) * Math.expm1(logRatio[k]);
        }
        double logSum = Math.log1p(sum);
        for (int k = 0; k < logRatio.length; k++) {
            logRatio[k] -= logSum;
        }
    }

    /** Writes d; whether all of it is {@link #near} 0, so that no exponential overflows. */
    private boolean readDifferences(double[] first, double[] second, int from) {
        double mean = 0;
        for (int k = 0; k < logRatio.length; k++) {
            mean += (first[from + k] - second[from + k]) / logRatio.length;
        }
        boolean near = true;
        for (int k = 0; k < logRatio.length; k++) {
            logRatio[k] = (first[from + k] - second[from + k] - mean) / temperature;
            near &= near(logRatio[k]);
        }
        return near;
    }

    /** {@code a (exp(-r) - 1 + r)}. */
    private static double preciseTerm(double logFirst, double logSecond, double r) {
        double first = Math.exp(logFirst);
        if (!near(r)) {
            return Math.exp(logSecond) - first + first * r;
        }
        boolean cancels = Math.abs(r) < 1e-3;
        return first * (cancels ? r * r * (1.0 / 2 - r * (1.0 / 6 - r * (1.0 / 24 - r / 120))) : Math.expm1(-r) + r);
    }

    private static boolean near(double r) {
        return Math.abs(r) < 1;
    }
}
