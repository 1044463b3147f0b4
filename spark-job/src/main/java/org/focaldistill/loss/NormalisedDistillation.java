package org.focaldistill.loss;

/**
 * {@code -t_y log s_y - gamma T^2 sum n_t log n_s} over the classes that are not the true one (Yang et al. 2023, equation 8): the true
 * class by the teacher's probability at temperature 1, the rest normalised to 1 and softened. A cross entropy, so that it is not 0
 * where the two agree.
 */
final class NormalisedDistillation extends ImageTerm {
    private final double gamma;
    private final double temperature;
    private final double[] logS;
    private final double[] logT;
    private final OtherClasses student;
    private final OtherClasses teacher;

    NormalisedDistillation(double gamma, double temperature, int classes) {
        super(classes);
        this.gamma = gamma;
        this.temperature = temperature;
        logS = new double[classes];
        logT = new double[classes];
        student = new OtherClasses(temperature, classes);
        teacher = new OtherClasses(temperature, classes);
    }

    @Override
    double of(double[] studentLogits, double[] teacherLogits, int from, int label, double[] slope) {
        LogSoftmax.of(studentLogits, from, slope.length, 1, logS, 0);
        LogSoftmax.of(teacherLogits, from, slope.length, 1, logT, 0);
        student.read(studentLogits, from, label);
        teacher.read(teacherLogits, from, label);
        double confidence = Math.exp(logT[label]);
        double rest = 0;
        for (int k = 0; k < slope.length; k++) {
            slope[k] = confidence * (k == label ? Math.expm1(logS[k]) : Math.exp(logS[k]));
            if (k != label) {
                double ofTeacher = Math.exp(teacher.logN(k));
                rest -= ofTeacher * student.logN(k);
                slope[k] += gamma * temperature * (Math.exp(student.logN(k)) - ofTeacher);
            }
        }
        return -confidence * logS[label] + gamma * temperature * temperature * rest;
    }
}
