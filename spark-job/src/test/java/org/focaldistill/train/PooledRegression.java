package org.focaldistill.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.TrainingOrder;
import org.focaldistill.data.Views;
import org.focaldistill.loss.DistillationLoss;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.FeatureShape;
import org.focaldistill.net.Network;
import org.focaldistill.net.NetworkBuilder;
import org.focaldistill.net.Normalisation;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Softmax regression on an image's mean colours, trained in plain Java. Like a card, it makes an epoch's steps at once and
 * tells of them afterwards.
 */
final class PooledRegression implements Student {
    private static final int COLOURS = 3;
    private static final int SIZE = 32;
    private static final String WEIGHT = "fc.weight";
    private static final String BIAS = "fc.bias";
    private static final float[][] NORMALISED = Normalisation.CIFAR100.ofBytes();

    private final TrainingTask task;
    private final TrainingData data;
    private final @Nullable Teacher teacher;
    private final TrialTrainer.LegControl control;
    private final TrainingOrder order;
    private final DistillationLoss loss;
    private final int classes;
    /** {@code [classes, 4]}: of red, green and blue, and the bias. */
    private float[] weights;

    private float[] velocities;

    PooledRegression(TrainingTask task, TrainingData data, @Nullable Teacher teacher, TrialTrainer.LegControl control) {
        this.task = task;
        this.data = data;
        this.teacher = teacher;
        this.control = control;
        order = task.order(data);
        loss = new DistillationLoss(task.loss());
        classes = task.network().classes();
        weights = joined(NetworkTensors.initial(task.network(), task.initSeed()));
        velocities = new float[weights.length];
    }

    /** What it trains, for any engine. */
    static Network network(int classes) {
        NetworkBuilder builder = new NetworkBuilder("images", new FeatureShape(SIZE, SIZE, COLOURS));
        builder.linear("fc", builder.globalAveragePool("pool", builder.input()), classes);
        return builder.build();
    }

    /** A new one, to classify with. */
    static PooledRegression classifier(int classes, TrainingData data, long seed) {
        Recipe unused = new Recipe(1, 1, 1, 0, 0, List.of(), 1);
        LossSettings loss = LossSettings.of(LossWeights.CROSS_ENTROPY);
        return new PooledRegression(
                new TrainingTask(network(classes), loss, unused, 0, 1, seed), data, null, LegControls.unstopped());
    }

    @Override
    public boolean train(int epoch, StepLog made) {
        if (control.stopRequested()) {
            return false;
        }
        int[] images = order.epoch(epoch);
        List<StepLog.Share> run = new ArrayList<>();
        try {
            int size = task.recipe().batchSize();
            for (int from = 0; from < images.length; from += size) {
                int[] batch = Arrays.copyOfRange(images, from, Math.min(from + size, images.length));
                run.add(new StepLog.Share(step(batch, epoch), batch.length));
            }
        } finally {
            run.forEach(share -> made.step(List.of(share)));
            control.trained(run.stream().mapToInt(StepLog.Share::images).sum());
        }
        return true;
    }

    private Step step(int[] batch, int epoch) {
        int position = Views.position(task.dataSeed(), epoch);
        float[][] colours = colours(data.train(), batch, index -> Views.of(index, position));
        double[] gradient = new double[batch.length * classes];
        LossComponents components = loss.evaluate(
                logits(colours),
                teacher == null ? null : teacher.training(batch, position),
                Logits.labels(data.train(), batch),
                gradient);
        double[] ofWeights = ofWeights(gradient, colours);
        double squares = 0;
        for (double value : ofWeights) {
            squares += value * value;
        }
        Step step = Step.of(components, task.loss(), Math.sqrt(squares));
        update(ofWeights, task.recipe(), task.recipe().learningRate(epoch));
        return step;
    }

    private double[] ofWeights(double[] gradient, float[][] colours) {
        double[] sums = new double[weights.length];
        for (int image = 0; image < colours.length; image++) {
            for (int k = 0; k < classes; k++) {
                for (int i = 0; i <= COLOURS; i++) {
                    sums[k * (COLOURS + 1) + i] += gradient[image * classes + k] * colours[image][i];
                }
            }
        }
        return sums;
    }

    private void update(double[] gradient, Recipe recipe, double rate) {
        for (int i = 0; i < weights.length; i++) {
            velocities[i] =
                    (float) (recipe.momentum() * velocities[i] + gradient[i] + recipe.weightDecay() * weights[i]);
            weights[i] -= (float) (rate * velocities[i]);
        }
    }

    /** Mean colours of images as they are seen, and a 1 for the bias, {@code [images, 4]}. */
    private static float[][] colours(ImageSet images, int[] indices, IntUnaryOperator view) {
        float[][] colours = new float[indices.length][COLOURS + 1];
        for (int i = 0; i < indices.length; i++) {
            for (int colour = 0; colour < COLOURS; colour++) {
                int plane = indices[i] * images.imageBytes() + colour * SIZE * SIZE;
                colours[i][colour] =
                        (float) mean(images.pixels(), plane, NORMALISED[colour], view.applyAsInt(indices[i]));
            }
            colours[i][COLOURS] = 1;
        }
        return colours;
    }

    /** A flip does not change it. */
    private static double mean(byte[] pixels, int plane, float[] normalised, int view) {
        double sum = 0;
        for (int y = Views.down(view); y < SIZE + Views.down(view); y++) {
            for (int x = 0; x < SIZE; x++) {
                int column = (Views.flip(view) ? SIZE - 1 - x : x) + Views.right(view);
                boolean inside = y >= 0 && y < SIZE && column >= 0 && column < SIZE;
                sum += normalised[inside ? pixels[plane + y * SIZE + column] & 0xff : 0];
            }
        }
        return sum / (SIZE * SIZE);
    }

    private double[] logits(float[][] colours) {
        double[] logits = new double[colours.length * classes];
        for (int image = 0; image < colours.length; image++) {
            for (int k = 0; k < classes; k++) {
                for (int i = 0; i <= COLOURS; i++) {
                    logits[image * classes + k] += (double) weights[k * (COLOURS + 1) + i] * colours[image][i];
                }
            }
        }
        return logits;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public double[] logits(ImageSet images, int[] indices, IntUnaryOperator view) {
        return logits(colours(images, indices, view));
    }

    @Override
    public Map<String, Tensor> tensors() {
        return split(weights);
    }

    @Override
    public Map<String, Tensor> velocities() {
        return split(velocities);
    }

    @Override
    public void load(Map<String, Tensor> tensors, String name) throws InvalidModelException {
        NetworkTensors.require(task.network(), tensors, name);
        weights = joined(tensors);
    }

    @Override
    public void loadVelocities(Map<String, Tensor> tensors, String name) throws InvalidModelException {
        NetworkTensors.requireVelocities(task.network(), tensors, name);
        velocities = joined(tensors);
    }

    private Map<String, Tensor> split(float[] values) {
        float[] weight = new float[classes * COLOURS];
        float[] bias = new float[classes];
        for (int k = 0; k < classes; k++) {
            System.arraycopy(values, k * (COLOURS + 1), weight, k * COLOURS, COLOURS);
            bias[k] = values[k * (COLOURS + 1) + COLOURS];
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(WEIGHT, new Tensor(new long[] {classes, COLOURS}, weight));
        tensors.put(BIAS, new Tensor(new long[] {classes}, bias));
        return tensors;
    }

    private float[] joined(Map<String, Tensor> tensors) {
        float[] weight = Objects.requireNonNull(tensors.get(WEIGHT)).values();
        float[] bias = Objects.requireNonNull(tensors.get(BIAS)).values();
        float[] values = new float[classes * (COLOURS + 1)];
        for (int k = 0; k < classes; k++) {
            System.arraycopy(weight, k * COLOURS, values, k * (COLOURS + 1), COLOURS);
            values[k * (COLOURS + 1) + COLOURS] = bias[k];
        }
        return values;
    }

    @Override
    public void close() {}
}
