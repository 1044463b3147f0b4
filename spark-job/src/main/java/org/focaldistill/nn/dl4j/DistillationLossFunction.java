package org.focaldistill.nn.dl4j;

import java.util.Objects;
import org.focaldistill.loss.DistillationLoss;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * {@link DistillationLoss} as Deeplearning4j's loss of a network whose last layer yields logits.
 *
 * <p>Labels are {@code [batch, 1]}, the class, or {@code [batch, 1 + classes]}, the class and the teacher's logits. The
 * gradient is of the mean over the batch, so the network must be configured with {@code miniBatch(false)}. The
 * components of the last gradient can be asked for; one instance belongs to one network.
 */
final class DistillationLossFunction implements ILossFunction {
    private static final long serialVersionUID = 1;

    private final LossSettings settings;

    private LossSettings ofEpoch;

    private transient @Nullable LossComponents lastComponents;

    /** The arrays of the last gradient, whose score Deeplearning4j asks for next; null once it has. */
    private transient @Nullable INDArray lastLabels;

    private transient @Nullable INDArray lastLogits;

    public DistillationLossFunction(LossSettings settings) {
        this.settings = settings;
        ofEpoch = settings;
    }

    /** Sets the 0-based epoch, which may have weights of its own. */
    void startEpoch(int epoch) {
        ofEpoch = settings.at(epoch);
    }

    /** What the network is trained with in this epoch. */
    LossSettings settings() {
        return ofEpoch;
    }

    /**
     * Components of the batch whose gradient was computed last.
     *
     * @throws IllegalStateException if none was
     */
    LossComponents lastComponents() {
        if (lastComponents == null) {
            throw new IllegalStateException("No gradient was computed yet");
        }
        return lastComponents;
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
        double[] gradient = new double[Math.toIntExact(logits.length())];
        lastComponents = evaluate(labels, logits, gradient);
        lastLabels = labels;
        lastLogits = logits;
        return Nd4j.create(gradient, logits.shape(), 'c').castTo(logits.dataType());
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
        boolean evaluated = labels == lastLabels && logits == lastLogits;
        LossComponents components = evaluated ? lastComponents() : evaluate(labels, logits, null);
        // Only once: the arrays may be written to afterwards, and their memory belongs to the step.
        lastLabels = null;
        lastLogits = null;
        double mean = components.total(ofEpoch);
        return average ? mean : mean * logits.size(0);
    }

    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
        double[] scores = new double[Math.toIntExact(logits.size(0))];
        for (int row = 0; row < scores.length; row++) {
            scores[row] = computeScore(labels.getRow(row, true), logits.getRow(row, true), activation, mask, true);
        }
        return Nd4j.create(scores, new long[] {scores.length, 1}, 'c').castTo(logits.dataType());
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
        INDArray gradient = computeGradient(labels, logits, activation, mask);
        return new Pair<>(computeScore(labels, logits, activation, mask, average), gradient);
    }

    private LossComponents evaluate(INDArray labels, INDArray logits, double @Nullable [] gradient) {
        int batch = Math.toIntExact(logits.size(0));
        int classes = Math.toIntExact(logits.size(1));
        int columns = Math.toIntExact(labels.size(1));
        if (labels.size(0) != batch || (columns != 1 && columns != 1 + classes)) {
            throw new IllegalArgumentException("Labels of logits [" + batch + ", " + classes + "] are [" + batch
                    + ", 1] or [" + batch + ", " + (1 + classes) + "], found [" + labels.size(0) + ", " + columns
                    + "]");
        }
        double[] values = rowMajor(labels);
        int[] classOf = new int[batch];
        double[] teacher = columns == 1 ? null : new double[batch * classes];
        for (int row = 0; row < batch; row++) {
            classOf[row] = (int) values[row * columns];
            if (teacher != null) {
                System.arraycopy(values, row * columns + 1, teacher, row * classes, classes);
            }
        }
        return new DistillationLoss(ofEpoch).evaluate(rowMajor(logits), teacher, classOf, gradient);
    }

    private static double[] rowMajor(INDArray matrix) {
        return matrix.dup('c').data().asDouble();
    }

    @Override
    public String name() {
        return "focal-calibration distillation";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DistillationLossFunction that && settings.equals(that.settings);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(settings);
    }

    @Override
    public String toString() {
        return settings.toString();
    }
}
