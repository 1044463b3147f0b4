package org.focaldistill.cli;

import org.focaldistill.data.ImageSet;
import org.focaldistill.metrics.Evaluation;
import org.focaldistill.metrics.Predictions;
import org.focaldistill.train.Classifier;
import org.focaldistill.train.Logits;
import org.focaldistill.weights.InvalidModelException;

/**
 * A model on test images.
 *
 * @param logits {@code [images, classes]}, row-major, finite
 */
@SuppressWarnings("ArrayRecordComponent")
record TestRun(double[] logits, int classes, Evaluation evaluation) {
    /** Of a guess's accuracy from its mean, which less than one guess in seven hundred goes beyond. */
    private static final double DEVIATIONS = 3;

    /**
     * Measures a model.
     *
     * @param classes how many the images have
     * @param name what to call the model in messages
     * @throws InvalidModelException if it has another number of classes, or a logit is not finite
     */
    static TestRun of(Classifier classifier, ImageSet images, int classes, String name) throws InvalidModelException {
        if (classifier.classes() != classes) {
            throw new InvalidModelException("Cannot use the model " + name + ": it tells " + classifier.classes()
                    + " classes apart, the images of the configuration have " + classes
                    + "; give the configuration of the images it was trained on");
        }
        double[] logits = Logits.of(classifier, images);
        Logits.requireFinite(logits, classes, name);
        return new TestRun(logits, classes, Evaluation.of(Predictions.of(logits, images.labels())));
    }

    /** Prints what was measured. */
    void print(LabelledLines lines) {
        lines.add(evaluation);
        if (isChance()) {
            lines.add(
                    "remark",
                    "top-1 is what guessing gives, 1 in %d. Usual causes: it was trained on another data set, with its"
                            + " classes in another order, on images normalised otherwise, or hardly at all",
                    classes);
        }
    }

    /** Whether guessing, which is right for one image in so many as there are classes, would do as well by chance. */
    private boolean isChance() {
        double guessing = 1.0 / classes;
        double deviation = Math.sqrt(guessing * (1 - guessing) / evaluation.samples());
        return evaluation.top1() <= guessing + DEVIATIONS * deviation;
    }
}
