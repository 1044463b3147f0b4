package org.focaldistill.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.inference.TestUtils;
import org.focaldistill.cuda.driver.StandIn;
import org.focaldistill.data.ImageSet;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.ImageInput;
import org.focaldistill.net.Normalisation;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.train.Engine;
import org.focaldistill.train.EpochResult;
import org.focaldistill.train.LegControls;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.train.TrialTrainer.Finished;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a trial learns in each of a card's numerics, on the stand-in; prints the curves. */
@Tag("slow")
class LearningCurvesTest {
    private static final int SEEDS = 4;
    private static final int EPOCHS = 5;
    private static final int HELD_OUT = 80;
    private static final int SIDE = 16;
    private static final TrainingData DATA = new TrainingData(images(400), images(20));

    /** Images of ten classes, each a colour under noise that is stronger. */
    private static ImageSet images(int count) {
        Random random = new Random(3);
        byte[][] colours = new byte[10][3];
        for (byte[] colour : colours) {
            random.nextBytes(colour);
        }
        byte[] pixels = new byte[count * ImageSet.bytesOf(SIDE)];
        byte[] labels = new byte[count];
        int plane = SIDE * SIDE;
        for (int i = 0; i < pixels.length; i++) {
            int image = i / (3 * plane);
            labels[image] = (byte) (image % colours.length);
            int colour = colours[labels[image]][i / plane % 3] & 0xff;
            pixels[i] = (byte) (colour / 4 + random.nextInt(192));
        }
        return new ImageSet(SIDE, pixels, labels, new byte[count]);
    }

    @Test
    void tf32_and_bf16_learn_as_fp32_does_beyond_seeds() throws Exception {
        Map<String, List<double[]>> curves = new LinkedHashMap<>();
        try (OpenCard opened = OpenCard.of(StandIn.card(), 2)) {
            for (String numerics : List.of("fp32", "tf32", "bf16")) {
                Engine engine = opened.engine(numerics);
                curves.put(
                        numerics,
                        IntStream.rangeClosed(1, SEEDS)
                                .mapToObj(seed -> train(engine, seed))
                                .toList());
            }
        }
        List<double[]> fp32 = Objects.requireNonNull(curves.get("fp32"));
        print(curves);
        assertThat(StatUtils.mean(at(fp32, EPOCHS - 1))).as("learned").isLessThan(0.8 * StatUtils.mean(at(fp32, 0)));
        for (String numerics : List.of("tf32", "bf16")) {
            List<double[]> others = Objects.requireNonNull(curves.get(numerics));
            for (int point = 0; point < 2 * EPOCHS; point++) {
                assertThat(at(others, point)).doesNotContain(at(fp32, point));
                assertThat(TestUtils.tTest(at(others, point), at(fp32, point)))
                        .as("Welch's p of %s and fp32 at point %d", numerics, point)
                        .isGreaterThan(0.01);
            }
        }
    }

    /** A seed's training loss, epoch after epoch, and then its loss on the held-out images. */
    private static double[] train(Engine engine, long seed) {
        Recipe recipe = new Recipe(EPOCHS, 16, 0.05, 0.9, 5e-4, List.of(0.6), 0.1);
        LossSettings loss = LossSettings.of(new LossWeights(0, 1, 0.1));
        TrainingTask task = new TrainingTask(
                Branches.network(new ImageInput(SIDE, Normalisation.CIFAR100)), loss, recipe, HELD_OUT, seed, seed);
        try {
            Finished finished =
                    (Finished) new TrialTrainer(engine).train(task, DATA, null, null, EPOCHS, LegControls.unstopped());
            List<EpochResult> history = finished.state().history();
            return DoubleStream.concat(
                            history.stream().mapToDouble(epoch -> epoch.train().total()),
                            history.stream()
                                    .mapToDouble(epoch -> Objects.requireNonNull(epoch.validation())
                                            .total()))
                    .toArray();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** All seeds' losses at a point of the curves. */
    private static double[] at(List<double[]> curves, int point) {
        return curves.stream().mapToDouble(curve -> curve[point]).toArray();
    }

    private static void print(Map<String, List<double[]>> curves) {
        StringBuilder table =
                new StringBuilder("\n| epoch | numerics | training loss | held-out loss |\n|--:|---|--:|--:|\n");
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            for (Map.Entry<String, List<double[]>> found : curves.entrySet()) {
                table.append(String.format(
                        Locale.ROOT,
                        "| %d | %s | %s | %s |%n",
                        epoch + 1,
                        found.getKey(),
                        meanAndDeviation(at(found.getValue(), epoch)),
                        meanAndDeviation(at(found.getValue(), EPOCHS + epoch))));
            }
        }
        System.out.println(table);
    }

    private static String meanAndDeviation(double[] values) {
        return String.format(Locale.ROOT, "%.4f ± %.4f", StatUtils.mean(values), Math.sqrt(StatUtils.variance(values)));
    }
}
