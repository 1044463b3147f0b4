package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.IntUnaryOperator;
import org.focaldistill.data.ImageSet;
import org.focaldistill.train.Classifier;
import org.focaldistill.weights.InvalidModelException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestRunTest {
    private static final int IMAGES = 1000;
    private static final int CLASSES = 10;

    /** Of 1000 images in 10 classes a guess gets 100 right, 28 more at the very most. */
    @ParameterizedTest
    @CsvSource({"0, true", "100, true", "128, true", "129, false", "700, false"})
    void a_model_that_does_as_well_as_guessing_gets_a_remark(int right, boolean remark) throws InvalidModelException {
        StringWriter out = new StringWriter();
        ImageSet images = new ImageSet(32, new byte[IMAGES * ImageSet.bytesOf(32)], new byte[IMAGES], new byte[IMAGES]);

        TestRun.of(new RightFor(right), images, CLASSES, "x").print(new LabelledLines(new PrintWriter(out)));

        assertThat(out.toString()).contains("test images   1000");
        assertThat(
                        out.toString()
                                .contains(
                                        "remark        top-1 is what guessing gives, 1 in 10. Usual causes: it was"
                                                + " trained on another data set, with its classes in another order, on images normalised"))
                .isEqualTo(remark);
    }

    /** Tells class 0 for the first images, class 1 for the others. */
    private record RightFor(int right) implements Classifier {
        @Override
        public int classes() {
            return CLASSES;
        }

        @Override
        public double[] logits(ImageSet images, int[] indices, IntUnaryOperator view) {
            double[] logits = new double[indices.length * CLASSES];
            for (int i = 0; i < indices.length; i++) {
                logits[i * CLASSES + (indices[i] < right ? 0 : 1)] = 1;
            }
            return logits;
        }

        @Override
        public void close() {}
    }
}
