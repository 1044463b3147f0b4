package org.focaldistill.nn.dl4j;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.data.ImageSet;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.store.ShardStore;
import org.focaldistill.store.Split;
import org.focaldistill.testing.OnnxSession;
import org.focaldistill.train.Classifier;
import org.focaldistill.train.Logits;
import org.focaldistill.weights.OnnxModel;
import org.focaldistill.weights.OnnxOptions;
import org.focaldistill.zoo.Architecture;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Every network of the zoo beside its ONNX export in ONNX Runtime, on prepared images and one thread: largest difference
 * of a logit, images with another top-1, size, and time. Weights are those of the reference files or of a model file.
 * MEASURED.md has the command.
 */
final class OnnxCheck {
    private static final int IMAGES = 1000;
    private static final int BATCH = 100;
    private static final int ROUNDS = 3;
    /** Bytes in, batch norm folded. */
    private static final OnnxOptions OPTIONS = new OnnxOptions(true, true, null);

    private OnnxCheck() {}

    /** Arguments: the folder of prepared images, then any model files as {@code name=file}. */
    public static void main(String[] args) throws Exception {
        Configuration hadoop = new Configuration();
        ImageSet images = new ShardStore(hadoop, new Path(args[0])).read(Split.TEST, IMAGES);
        System.out.printf(
                Locale.ROOT,
                "%-11s %15s %11s %9s %12s %12s %7s%n",
                "model",
                "largest diff.",
                "other top-1",
                "ONNX, MB",
                "ORT, img/s",
                "ours, img/s",
                "1 image");
        for (Architecture architecture : Architecture.values()) {
            if (architecture != Architecture.RESNET8) {
                try (GraphNetwork network = ReferenceNetworks.filled(architecture.modelName(), DataType.FLOAT)) {
                    check(architecture.modelName(), network, images);
                }
            }
        }
        for (String arg : Arrays.copyOfRange(args, 1, args.length)) {
            String[] parts = arg.split("=", 2);
            try (GraphNetwork network =
                    GraphNetwork.forInference(Architecture.named(parts[0]).network(100))) {
                network.load(new ModelFiles(hadoop).read(new Path(parts[1])).tensors(), parts[1]);
                check(parts[0] + ", trained", network, images);
            }
        }
    }

    private static void check(String name, GraphNetwork network, ImageSet images) throws Exception {
        byte[] file = OnnxModel.of(network.description(), network.tensors(), OPTIONS, Map.of());
        Classifier classifier = new GraphClassifier(network);
        double[] ours = Logits.of(classifier, images);
        int classes = classifier.classes();
        double[] theirRates = new double[ROUNDS];
        double[] ourRates = new double[ROUNDS];
        double[] theirs = new double[ours.length];
        try (OnnxSession session = new OnnxSession(file)) {
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                for (int from = 0; from < images.size(); from += BATCH) {
                    double[] part = session.run(pixels(images, from, BATCH), OnnxModel.LOGITS);
                    System.arraycopy(part, 0, theirs, from * classes, part.length);
                }
                long middle = System.nanoTime();
                Logits.of(classifier, images);
                theirRates[round] = images.size() * 1e9 / (middle - start);
                ourRates[round] = images.size() * 1e9 / (System.nanoTime() - middle);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-11s %8.1e of %3.0f %11d %9.2f %12.0f %12.0f %4.2f ms%n",
                    name,
                    largestDifference(ours, theirs),
                    Arrays.stream(ours).map(Math::abs).max().orElseThrow(),
                    otherTop1(ours, theirs, classes),
                    file.length / 1e6,
                    median(theirRates),
                    median(ourRates),
                    milliseconds(session, pixels(images, 0, 1)));
        }
    }

    private static byte[] pixels(ImageSet images, int from, int count) {
        return Arrays.copyOfRange(images.pixels(), from * ImageSet.bytesOf(32), (from + count) * ImageSet.bytesOf(32));
    }

    private static double milliseconds(OnnxSession session, byte[] image) throws Exception {
        double[] times = new double[101];
        for (int i = 0; i < times.length; i++) {
            long start = System.nanoTime();
            session.run(image, OnnxModel.LOGITS);
            times[i] = (System.nanoTime() - start) / 1e6;
        }
        return median(times);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double largestDifference(double[] a, double[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    private static int otherTop1(double[] a, double[] b, int classes) {
        int other = 0;
        for (int row = 0; row < a.length; row += classes) {
            other += best(a, row, classes) == best(b, row, classes) ? 0 : 1;
        }
        return other;
    }

    private static int best(double[] logits, int row, int classes) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
            if (logits[row + c] > logits[row + best]) {
                best = c;
            }
        }
        return best;
    }
}
