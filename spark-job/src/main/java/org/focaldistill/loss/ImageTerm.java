package org.focaldistill.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A term that is the mean over images of what each has by itself. */
abstract class ImageTerm implements DistillationTerm {
    private final int classes;
    private final double[] slope;

    ImageTerm(int classes) {
        this.classes = classes;
        slope = new double[classes];
    }

    /**
     * The value of an image.
     *
     * @param student logits of the batch, the image's {@code [classes]} from {@code from} on
     * @param teacher the same of the teacher
     * @param label the true class
     * @param slope receives its gradient in the image's student logits, {@code [classes]}
     */
    abstract double of(double[] student, double[] teacher, int from, int label, double[] slope);

    @Override
    public final double evaluate(
            double[] student, double[] teacher, int[] labels, double weight, double @Nullable [] gradient) {
        double sum = 0;
        for (int image = 0; image < labels.length; image++) {
            int from = image * classes;
            Arrays.fill(slope, 0);
            sum += of(student, teacher, from, labels[image], slope);
            if (gradient != null) {
                for (int k = 0; k < classes; k++) {
                    gradient[from + k] += weight * slope[k] / labels.length;
                }
            }
        }
        return sum / labels.length;
    }
}
