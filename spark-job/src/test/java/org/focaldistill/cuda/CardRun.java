package org.focaldistill.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.focaldistill.data.CifarDataSet;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.Views;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.Network;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.train.Classifier;
import org.focaldistill.train.NotFiniteException;
import org.focaldistill.train.Student;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.focaldistill.zoo.Architecture;

/**
 * What is done on a card when one can be had, by a Java without Maven, Spark and Deeplearning4j:
 *
 * <pre>
 * CardRun compute FILE            writes logits and trained tensors of each network
 * CardRun compare FILE            computes them here, too, and prints the largest differences
 * CardRun speed MODEL BATCH SECONDS   images/s of a training
 * </pre>
 */
public final class CardRun {
    private static final int SAMPLE = 500;
    private static final TrialTrainer.LegControl RUN = new TrialTrainer.LegControl() {
        @Override
        public boolean stopRequested() {
            return false;
        }

        @Override
        public void trained(int images) {}
    };

    private CardRun() {}

    /** @param args see the class */
    public static void main(String[] args) throws Exception {
        try (CardEngine card = CardEngine.open(0)) {
            System.out.println(card.description());
            switch (args[0]) {
                case "compute" -> Files.write(Path.of(args[1]), new Safetensors(compute(card), Map.of()).toBytes());
                case "compare" -> compare(compute(card), read(Path.of(args[1])));
                case "speed" -> speed(card, args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3]));
                default -> throw new IllegalArgumentException("compute, compare or speed, not " + args[0]);
            }
        }
    }

    private static Map<String, Tensor> read(Path file) throws IOException {
        return Safetensors.parse(Files.readAllBytes(file), file.toString()).tensors();
    }

    /** The loss of a training's steps, its tensors, and logits in evaluation, of each network. */
    private static Map<String, Tensor> compute(CardEngine card) throws IOException {
        Map<String, Tensor> results = new LinkedHashMap<>();
        CifarDataSet images = GeneratedImages.generate(6, 2, 3);
        TrainingData data = new TrainingData(images.train(), images.test());
        for (Architecture architecture : Architecture.values()) {
            Network network = architecture.network(100);
            long start = System.nanoTime();
            Map<String, Tensor> tensors = NetworkTensors.initial(network, 5);
            try (Classifier classifier = card.classifier(network, tensors, "initial")) {
                double[] logits = classifier.logits(data.train(), new int[] {3, 0}, index -> Views.of(index, 7));
                results.put(architecture + ".logits", tensor(logits));
            }
            Recipe recipe = new Recipe(1, 4, 0.01, 0.9, 5e-4, List.of(), 1);
            LossSettings loss = LossSettings.of(new LossWeights(0, 1, 0.1));
            TrainingTask task = new TrainingTask(network, loss, recipe, 0, 1, 1);
            try (Student student = card.begin(task, data, null, RUN)) {
                double[] totals = new double[2];
                int[] steps = {0};
                student.train(
                        0, shares -> totals[steps[0]++] = shares.get(0).step().total());
                results.put(architecture + ".losses", tensor(totals));
                student.tensors().forEach((name, tensor) -> results.put(architecture + "." + name, sample(tensor)));
            }
            System.out.printf(Locale.ROOT, "%s computed, %.1f s%n", architecture, (System.nanoTime() - start) / 1e9);
        }
        return results;
    }

    /** Some values from all of a tensor: the file has to travel. */
    private static Tensor sample(Tensor tensor) {
        int length = tensor.values().length;
        float[] some = new float[Math.min(length, SAMPLE)];
        for (int i = 0; i < some.length; i++) {
            some[i] = tensor.values()[(int) ((long) i * length / some.length)];
        }
        return new Tensor(new long[] {some.length}, some);
    }

    private static Tensor tensor(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return new Tensor(new long[] {floats.length}, floats);
    }

    /** By network: the largest difference of each kind of tensor, as a part of its largest value. */
    private static void compare(Map<String, Tensor> found, Map<String, Tensor> expected) {
        Map<String, Double> worst = new LinkedHashMap<>();
        expected.forEach((name, tensor) -> {
            float[] ours = Objects.requireNonNull(found.get(name), name).values();
            double largest = 1e-2;
            double difference = 0;
            for (int i = 0; i < ours.length; i++) {
                largest = Math.max(largest, Math.abs(tensor.values()[i]));
                difference = Math.max(difference, Math.abs((double) ours[i] - tensor.values()[i]));
                if (Float.isNaN(ours[i])) {
                    difference = Double.POSITIVE_INFINITY;
                }
            }
            String kind = name.substring(0, name.indexOf('.')) + name.substring(name.lastIndexOf('.'));
            worst.merge(kind, difference / largest, Math::max);
        });
        worst.forEach((kind, difference) -> System.out.printf(
                Locale.ROOT, "%-28s %.1e %s%n", kind, difference, difference < 2e-3 ? "ok" : "WRONG"));
    }

    private static void speed(CardEngine card, String model, int batch, int seconds) {
        CifarDataSet images = GeneratedImages.generate(50_000, 10, 3);
        TrainingData data = new TrainingData(images.train(), images.test());
        Recipe recipe = new Recipe(1000, batch, 0.01, 0.9, 5e-4, List.of(), 1);
        LossSettings loss = LossSettings.of(LossWeights.CROSS_ENTROPY);
        Network network = Architecture.named(model).network(100);
        TrainingTask task = new TrainingTask(network, loss, recipe, 0, 1, 1);
        long begun = System.nanoTime();
        long[] trained = {0, 0, 0};
        TrialTrainer.LegControl control = new TrialTrainer.LegControl() {
            @Override
            public boolean stopRequested() {
                return System.nanoTime() - begun > seconds * 1_000_000_000L;
            }

            /** The first run of steps warms up. */
            @Override
            public void trained(int count) {
                if (trained[1] == 0) {
                    trained[1] = System.nanoTime();
                } else {
                    trained[0] += count;
                    trained[2] = System.nanoTime();
                }
            }
        };
        try (Student student = card.begin(task, data, null, control)) {
            for (int epoch = 0; student.train(epoch, shares -> {}); epoch++) {
                System.out.println("epoch " + epoch);
            }
        } catch (NotFiniteException e) {
            System.out.println("Ended early: " + e.getMessage());
        }
        if (trained[0] == 0) {
            System.out.println("No two runs of steps ended in " + seconds + " s: measure for longer");
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "%s batch %d: %.0f images/s%n",
                model,
                batch,
                trained[0] / ((trained[2] - trained[1]) / 1e9));
    }
}
