package org.focaldistill.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ImageDataSet;
import org.focaldistill.data.Views;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.Network;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.train.Classifier;
import org.focaldistill.train.Engine;
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
 * CardRun NUMERICS compute FILE    writes logits and trained tensors of each network
 * CardRun NUMERICS compare FILE    computes them here, too, prints the largest differences, and ends with 1 if one is too large
 * CardRun NUMERICS speed MODEL BATCH SECONDS STUDENTS   images/s of so many trainings at once
 * </pre>
 */
public final class CardRun {
    private static final int SAMPLE = 500;
    private static final String WRONG = "WRONG";
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
        long begun = System.nanoTime();
        boolean wrong = false;
        try (OpenCard opened = OpenCard.open(0)) {
            Engine card = opened.engine(args[0]);
            System.out.printf(Locale.ROOT, "%s, opened in %.1f s%n", card.description(), seconds(begun));
            switch (args[1]) {
                case "compute" -> Files.write(Path.of(args[2]), new Safetensors(compute(card), Map.of()).toBytes());
                case "compare" -> wrong = !agree(compute(card), read(Path.of(args[2])), args[0]);
                case "speed" ->
                    speed(
                            card,
                            args[2],
                            Integer.parseInt(args[3]),
                            Integer.parseInt(args[4]),
                            Integer.parseInt(args[5]),
                            args[0]);
                default -> throw new IllegalArgumentException("compute, compare or speed, not " + args[1]);
            }
        }
        System.exit(wrong ? 1 : 0);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static Map<String, Tensor> read(Path file) throws IOException {
        return Safetensors.parse(Files.readAllBytes(file), file.toString()).tensors();
    }

    /** The loss of a training's steps, its tensors, and logits in evaluation, of each network. */
    private static Map<String, Tensor> compute(Engine card) throws IOException {
        Map<String, Tensor> results = new LinkedHashMap<>();
        ImageDataSet images = GeneratedImages.generate(6, 2, 3);
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
            System.out.printf(Locale.ROOT, "%s computed, %.1f s%n", architecture, seconds(start));
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
    private static boolean agree(Map<String, Tensor> found, Map<String, Tensor> expected, String numerics) {
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
                Locale.ROOT, "%-28s %.1e %s%n", kind, difference, judged(kind, difference, numerics)));
        return worst.entrySet().stream()
                .noneMatch(
                        each -> judged(each.getKey(), each.getValue(), numerics).equals(WRONG));
    }

    private static String judged(String kind, double difference, String numerics) {
        double tolerance = tolerance(kind, numerics);
        return difference < tolerance ? tolerance == Double.MAX_VALUE ? "not judged" : "ok" : WRONG;
    }

    /**
     * Beside fp32 of the stand-in. Two steps on four and two images amplify roundings some thousand times in the deeper
     * networks: of those tf32's and bf16's trained tensors tell nothing, as the stand-in's own differ by more than they are. Of
     * the stand-in's logits bf16's are up to 4.2e-2 from fp32's (resnet110), tf32's 2.1e-3.
     */
    private static double tolerance(String kind, String numerics) {
        if (numerics.equals("fp32")) {
            return 2e-3;
        }
        if (kind.endsWith(".logits")) {
            return numerics.equals("bf16") ? 1e-1 : 5e-3;
        }
        return kind.endsWith(".losses") || kind.startsWith(Architecture.RESNET8 + ".") ? 5e-2 : Double.MAX_VALUE;
    }

    private static void speed(Engine card, String model, int batch, int seconds, int students, String numerics)
            throws InterruptedException {
        ImageDataSet images = GeneratedImages.generate(50_000, 10, 3);
        TrainingData data = new TrainingData(images.train(), images.test());
        List<Watch> watches = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int student = 0; student < students; student++) {
            Recipe recipe = new Recipe(1000, batch, 0.01, 0.9, 5e-4, List.of(), 1);
            LossSettings loss = LossSettings.of(LossWeights.CROSS_ENTROPY);
            Network network = Architecture.named(model).network(100);
            TrainingTask task = new TrainingTask(network, loss, recipe, 0, student, student);
            Watch watch = new Watch(seconds);
            watches.add(watch);
            threads.add(new Thread(() -> train(card, task, data, watch)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        if (watches.stream().anyMatch(watch -> watch.images == 0)) {
            System.out.println("No two runs of steps ended in " + seconds + " s: measure for longer");
            return;
        }
        double speed = watches.stream().mapToDouble(Watch::speed).sum();
        System.out.printf(
                Locale.ROOT, "%s %s batch %d, %d students: %.0f images/s%n", model, numerics, batch, students, speed);
    }

    private static void train(Engine card, TrainingTask task, TrainingData data, Watch watch) {
        try (Student student = card.begin(task, data, null, watch)) {
            int epoch = 0;
            while (student.train(epoch, shares -> {})) {
                epoch++;
            }
        } catch (NotFiniteException e) {
            System.out.println("Ended early: " + e.getMessage());
        }
    }

    /** Counts a training's images, from the end of its first run of steps, which warms up. */
    private static final class Watch implements TrialTrainer.LegControl {
        private final long begun = System.nanoTime();
        private final int seconds;
        private long from;
        private long to;
        private long images;

        Watch(int seconds) {
            this.seconds = seconds;
        }

        @Override
        public boolean stopRequested() {
            return seconds(begun) > seconds;
        }

        @Override
        public void trained(int count) {
            if (from == 0) {
                from = System.nanoTime();
            } else {
                images += count;
                to = System.nanoTime();
            }
        }

        double speed() {
            return images / ((to - from) / 1e9);
        }
    }
}
