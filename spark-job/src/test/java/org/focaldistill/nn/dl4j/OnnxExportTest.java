package org.focaldistill.nn.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ImageSet;
import org.focaldistill.net.ImageInput;
import org.focaldistill.net.Normalisation;
import org.focaldistill.testing.OnnxSession;
import org.focaldistill.train.Logits;
import org.focaldistill.weights.OnnxModel;
import org.focaldistill.weights.OnnxOptions;
import org.focaldistill.weights.Tensor;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

/** What is exported, run by ONNX Runtime, beside the network it came from. */
class OnnxExportTest {
    private static final ImageSet IMAGES = GeneratedImages.generate(100, 100, 1).test();
    private static final int CLASSES = 100;
    private static final OnnxOptions ALL = new OnnxOptions(true, true, 2.5);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RESNET8")
    void each_network_of_the_zoo_gives_its_logits_node_by_node_and_folded(Architecture architecture) throws Exception {
        try (GraphNetwork network = ReferenceNetworks.filled(architecture.modelName(), DataType.FLOAT)) {
            double[] expected = Logits.of(new GraphClassifier(network), IMAGES);
            double scale = Math.max(1, largest(expected));
            for (OnnxOptions options : new OnnxOptions[] {OnnxOptions.PLAIN, ALL}) {
                double[] found = logits(export(network, options));
                assertThat(largestDifference(found, expected)).isLessThan(1e-4 * scale);
                assertThat(best(found)).isEqualTo(best(expected));
            }
        }
    }

    /** An export of images of that size is what the network computes, for which ONNX Runtime is the witness. */
    @ParameterizedTest
    @EnumSource(names = {"RESNET20", "WRN_40_2", "SHUFFLE_V1"})
    void so_does_each_family_on_larger_images_with_the_same_weights(Architecture architecture) throws Exception {
        ImageInput input = new ImageInput(96, new Normalisation(List.of(0.4, 0.5, 0.6), List.of(0.25, 0.3, 0.2)));
        byte[] pixels = new byte[3 * ImageSet.bytesOf(96)];
        new Random(2).nextBytes(pixels);
        ImageSet images = new ImageSet(96, pixels, new byte[3], new byte[3]);
        try (GraphNetwork small = ReferenceNetworks.filled(architecture.modelName(), DataType.FLOAT);
                GraphNetwork network = GraphNetwork.forInference(architecture.network(input, CLASSES))) {
            network.load(small.tensors(), "filled");
            double[] expected = Logits.of(new GraphClassifier(network), images);
            for (OnnxOptions options : new OnnxOptions[] {OnnxOptions.PLAIN, ALL}) {
                try (OnnxSession session = new OnnxSession(export(network, options), input)) {
                    assertThat(largestDifference(session.run(pixels, OnnxModel.LOGITS), expected))
                            .isLessThan(1e-4 * Math.max(1, largest(expected)));
                }
            }
        }
    }

    @Test
    void a_batch_norm_behind_a_convolution_leaves_no_node_when_folded() throws Exception {
        try (GraphNetwork network = ReferenceNetworks.filled("resnet20", DataType.FLOAT)) {
            assertThat(operators(export(network, OnnxOptions.PLAIN))).containsEntry("BatchNormalization", 21L);
            assertThat(operators(export(network, ALL))).doesNotContainKey("BatchNormalization");
        }
        try (GraphNetwork network = ReferenceNetworks.filled("wrn_40_2", DataType.FLOAT)) {
            // Left are those that follow a sum: it has no weights to fold them into.
            assertThat(operators(export(network, OnnxOptions.PLAIN))).containsEntry("BatchNormalization", 37L);
            assertThat(operators(export(network, ALL))).containsEntry("BatchNormalization", 18L);
        }
    }

    @Test
    void probabilities_are_the_softmax_of_the_logits_over_the_temperature() throws Exception {
        try (GraphNetwork network = ReferenceNetworks.filled("resnet20", DataType.FLOAT);
                OnnxSession session = new OnnxSession(export(network, ALL))) {
            assertThat(session.outputs()).containsExactly("logits", "probabilities");
            double[] logits = session.run(IMAGES.pixels(), OnnxModel.LOGITS);
            double[] found = session.run(IMAGES.pixels(), OnnxModel.PROBABILITIES);
            for (int row = 0; row < logits.length; row += CLASSES) {
                double[] exponentials = Arrays.stream(logits, row, row + CLASSES)
                        .map(z -> Math.exp(z / 2.5))
                        .toArray();
                double sum = Arrays.stream(exponentials).sum();
                for (int c = 0; c < CLASSES; c++) {
                    assertThat(Math.abs(found[row + c] - exponentials[c] / sum)).isLessThan(1e-6);
                }
            }
        }
    }

    @Test
    void any_batch_size_runs_and_the_file_says_what_it_is() throws Exception {
        try (GraphNetwork network = ReferenceNetworks.filled("ShuffleV1", DataType.FLOAT);
                OnnxSession session = new OnnxSession(export(network, OnnxOptions.PLAIN))) {
            double[] all = session.run(IMAGES.pixels(), OnnxModel.LOGITS);
            double[] first = session.run(IMAGES.first(1).pixels(), OnnxModel.LOGITS);
            assertThat(largestDifference(first, Arrays.copyOf(all, CLASSES))).isLessThan(1e-4);
            assertThat(session.metadata()).containsExactlyEntriesOf(Map.of("layers", "134"));
        }
    }

    @Test
    void a_temperature_must_be_above_zero() {
        assertThatThrownBy(() -> new OnnxOptions(false, false, 0.0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A temperature must be from 1e-9 to 1e9, found 0.0");
    }

    private static byte[] export(GraphNetwork network, OnnxOptions options) {
        Map<String, Tensor> tensors = network.tensors();
        return OnnxModel.of(
                network.description(),
                tensors,
                options,
                Map.of("layers", Integer.toString(network.description().nodes().size())));
    }

    private static double[] logits(byte[] file) throws Exception {
        try (OnnxSession session = new OnnxSession(file)) {
            return session.run(IMAGES.pixels(), OnnxModel.LOGITS);
        }
    }

    private static Map<String, Long> operators(byte[] file) throws Exception {
        Map<String, Long> counts = new HashMap<>();
        onnx.Onnx.ModelProto.parseFrom(file)
                .getGraph()
                .getNodeList()
                .forEach(node -> counts.merge(node.getOpType(), 1L, Long::sum));
        return counts;
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    private static double largestDifference(double[] a, double[] b) {
        assertThat(a).hasSameSizeAs(b);
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    /** The class of the largest logit of each image. */
    private static int[] best(double[] logits) {
        int[] best = new int[logits.length / CLASSES];
        for (int i = 0; i < logits.length; i++) {
            int image = i / CLASSES;
            if (logits[i] > logits[image * CLASSES + best[image]]) {
                best[image] = i % CLASSES;
            }
        }
        return best;
    }
}
