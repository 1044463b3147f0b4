package org.focaldistill.loss;

/**
 * {@code T^2 (alpha TCKD + beta NCKD)} (Zhao et al. 2022, equation 7): with {@code b = (p_y, 1 - p_y)} and {@code n_k = p_k / (1 -
 * p_y)} of the softened distributions, {@code TCKD = KL(b_t || b_s)} and {@code NCKD = KL(n_t || n_s)}. The plain divergence is
 * {@code TCKD + (1 - p_y of the teacher) NCKD}.
 */
final class DecoupledDistillation extends ImageTerm {
    private final double alpha;
    private final double beta;
    private final double temperature;
    private final OtherClasses student;
    private final OtherClasses teacher;

    DecoupledDistillation(double alpha, double beta, double temperature, int classes) {
        super(classes);
        this.alpha = alpha;
        this.beta = beta;
        this.temperature = temperature;
        student = new OtherClasses(temperature, classes);
        teacher = new OtherClasses(temperature, classes);
    }

    @Override
    double of(double[] studentLogits, double[] teacherLogits, int from, int label, double[] slope) {
        student.read(studentLogits, from, label);
        teacher.read(teacherLogits, from, label);
        double trueOfTeacher = Math.exp(teacher.logTrue());
        double restOfTeacher = Math.exp(teacher.logRest());
        double tckd = trueOfTeacher * (teacher.logTrue() - student.logTrue())
                + restOfTeacher * (teacher.logRest() - student.logRest());
        // s - t, by the smaller of the two parts, which has more digits.
        double excess = trueOfTeacher < restOfTeacher
                ? Math.exp(student.logTrue()) - trueOfTeacher
                : restOfTeacher - Math.exp(student.logRest());
        double nckd = 0;
        for (int k = 0; k < slope.length; k++) {
            if (k != label) {
                double ofTeacher = Math.exp(teacher.logN(k));
                double ofStudent = Math.exp(student.logN(k));
                nckd += ofTeacher * (teacher.logN(k) - student.logN(k));
                slope[k] = temperature * (-alpha * excess * ofStudent + beta * (ofStudent - ofTeacher));
            }
        }
        slope[label] = temperature * alpha * excess;
        return temperature * temperature * (alpha * tckd + beta * nckd);
    }
}
