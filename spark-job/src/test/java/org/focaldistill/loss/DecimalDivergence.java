package org.focaldistill.loss;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/**
 * The distillation term by its definition, in decimal arithmetic of so many digits that nothing cancels.
 *
 * @param value {@code T^2 KL}
 * @param slopes its slopes in the student's logits {@code [classes]}
 */
record DecimalDivergence(double value, double[] slopes) {
    private static final MathContext DIGITS = new MathContext(60);

    static DecimalDivergence of(double[] student, double[] teacher, double temperature, KlDirection direction) {
        BigDecimal t = new BigDecimal(temperature);
        BigDecimal[] ofStudent = softmax(student, t);
        BigDecimal[] ofTeacher = softmax(teacher, t);
        boolean teacherFirst = direction == KlDirection.TEACHER_STUDENT;
        BigDecimal[] first = teacherFirst ? ofTeacher : ofStudent;
        BigDecimal[] second = teacherFirst ? ofStudent : ofTeacher;
        BigDecimal[] ratios = new BigDecimal[first.length];
        Arrays.setAll(ratios, k -> log(first[k].divide(second[k], DIGITS)));
        BigDecimal kl = BigDecimal.ZERO;
        for (int k = 0; k < first.length; k++) {
            kl = kl.add(first[k].multiply(ratios[k]));
        }
        double[] slopes = new double[first.length];
        for (int k = 0; k < first.length; k++) {
            BigDecimal slope =
                    teacherFirst ? ofStudent[k].subtract(ofTeacher[k]) : ofStudent[k].multiply(ratios[k].subtract(kl));
            slopes[k] = slope.multiply(t).doubleValue();
        }
        return new DecimalDivergence(kl.multiply(t).multiply(t).doubleValue(), slopes);
    }

    private static BigDecimal[] softmax(double[] logits, BigDecimal temperature) {
        BigDecimal[] powers = Arrays.stream(logits)
                .mapToObj(logit -> exp(new BigDecimal(logit).divide(temperature, DIGITS)))
                .toArray(BigDecimal[]::new);
        BigDecimal sum = Arrays.stream(powers).reduce(BigDecimal.ZERO, BigDecimal::add);
        return Arrays.stream(powers).map(power -> power.divide(sum, DIGITS)).toArray(BigDecimal[]::new);
    }

    /** By its series, for x below 1. */
    private static BigDecimal exp(BigDecimal x) {
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = term;
        for (int n = 1; n < 50; n++) {
            term = term.multiply(x).divide(BigDecimal.valueOf(n), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        return sum;
    }

    /** By the series of {@code 2 artanh((x - 1) / (x + 1))}, for x near 1. */
    private static BigDecimal log(BigDecimal x) {
        BigDecimal z = x.subtract(BigDecimal.ONE).divide(x.add(BigDecimal.ONE), DIGITS);
        BigDecimal power = z;
        BigDecimal sum = z;
        for (int n = 3; n < 80; n += 2) {
            power = power.multiply(z).multiply(z, DIGITS);
            sum = sum.add(power.divide(BigDecimal.valueOf(n), DIGITS), DIGITS);
        }
        return sum.multiply(BigDecimal.valueOf(2));
    }
}
