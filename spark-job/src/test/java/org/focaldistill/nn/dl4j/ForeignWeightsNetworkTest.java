package org.focaldistill.nn.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.weights.ForeignWeights;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;

/** PyTorch's files of a resnet8 give the logits they gave there, in evaluation and double precision. */
class ForeignWeightsNetworkTest {

    @ParameterizedTest
    @CsvSource({
        "resnet8_plain.pth, 1e-8",
        "resnet8_plain_legacy.pth, 1e-8",
        "resnet8_epoch_wrapper.pth, 1e-8",
        "resnet8_with_namespace.pth, 1e-8",
        "resnet8_module_student_prefix.pth, 1e-8",
        "resnet8_noncontiguous.pth, 1e-8",
        "resnet8_storage_offset.pth, 1e-8",
        "resnet8_half.pth, 1e-3",
        "resnet8_bfloat16.pth, 1e-2",
    })
    void a_file_of_pytorch_gives_pytorch_s_logits(String file, double tolerance) throws Exception {
        Recipe recipe = new Recipe(1, 2, 0.05, 0.9, 5e-4, List.of(), 0.1);
        try (GraphNetwork network = GraphNetwork.create(
                Architecture.RESNET8.network(100),
                DataType.DOUBLE,
                recipe,
                LossSettings.of(LossWeights.CROSS_ENTROPY),
                1)) {
            Map<String, long[]> expected = new LinkedHashMap<>();
            StateDict.tensors(network.graph()).forEach((name, tensor) -> expected.put(name, tensor.shape()));
            network.load(
                    ForeignWeights.read(bytes(file), file)
                            .matching(expected, null)
                            .tensors(),
                    file);
            assertThat(network.logits(ReferenceNetworks.images(0, 2, DataType.DOUBLE)))
                    .containsExactly(logits(), within(tolerance));
        }
    }

    private static double[] logits() throws Exception {
        return new String(bytes("resnet8_eval_logits.txt"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .flatMap(line -> Arrays.stream(line.trim().split("\\s+")))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static byte[] bytes(String file) throws Exception {
        try (InputStream stream = ForeignWeightsNetworkTest.class.getResourceAsStream("/teachers/" + file)) {
            return stream.readAllBytes();
        }
    }
}
