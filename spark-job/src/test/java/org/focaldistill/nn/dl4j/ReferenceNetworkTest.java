package org.focaldistill.nn.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.focaldistill.nn.dl4j.ReferenceNetworks.images;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.Cost;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.testing.Reference;
import org.focaldistill.train.Step;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The networks against PyTorch's numbers: logits in both modes, running statistics, four steps of the recipe. */
class ReferenceNetworkTest {

    @ParameterizedTest
    @ValueSource(strings = {"resnet20", "resnet56", "resnet110", "resnet32x4", "wrn_40_2", "ShuffleV1"})
    void double_precision_gives_pytorch_s_logits_in_evaluation_and_in_training(String model) {
        try (GraphNetwork network = ReferenceNetworks.filled(model, DataType.DOUBLE)) {
            INDArray x = images(0, 2, DataType.DOUBLE);
            assertThat(network.logits(x)).containsExactly(Reference.forward(model, "eval"), within(1e-8));
            assertThat(trainingLogits(network, x)).containsExactly(Reference.forward(model, "train"), within(1e-8));
            assertRunningStatistics(model, network, 1e-10);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet20", "resnet56", "resnet110", "resnet32x4", "wrn_40_2", "ShuffleV1"})
    void single_precision_agrees_to_its_own_accuracy(String model) {
        try (GraphNetwork network = ReferenceNetworks.filled(model, DataType.FLOAT)) {
            INDArray x = images(0, 2, DataType.FLOAT);
            double[] eval = Reference.forward(model, "eval");
            assertThat(network.logits(x)).containsExactly(eval, within(1e-4 * largest(eval)));
            double[] train = Reference.forward(model, "train");
            assertThat(trainingLogits(network, x)).containsExactly(train, within(1e-3 * largest(train)));
            assertRunningStatistics(model, network, 1e-6);
        }
    }

    private static double[] trainingLogits(GraphNetwork network, INDArray x) {
        return network.graph().output(true, x)[0].dup('c').data().asDouble();
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    private static void assertRunningStatistics(String model, GraphNetwork network, double tolerance) {
        Map<String, INDArray> tensors = StateDict.tensors(network.graph());
        double[] expected = Reference.forward(model, "running");
        // The first one; the wide ResNet's "bn1" is its last.
        String norm = model.startsWith("wrn") ? "block1.layer.0.bn1" : "bn1";
        assertThat(tensors.get(norm + ".running_mean").meanNumber().doubleValue())
                .isCloseTo(expected[0], within(tolerance));
        assertThat(tensors.get(norm + ".running_var").meanNumber().doubleValue())
                .isCloseTo(expected[1], within(tolerance));
    }

    @ParameterizedTest
    @EnumSource(value = Architecture.class, mode = EnumSource.Mode.EXCLUDE, names = "RESNET8")
    void tensors_have_the_zoo_s_names_shapes_and_order(Architecture architecture) {
        List<Reference.TensorLine> expected = Reference.stateDict(architecture.modelName()).stream()
                .filter(tensor -> !tensor.isCounter())
                .toList();
        try (GraphNetwork network = GraphNetwork.forInference(architecture.network(100))) {
            Map<String, INDArray> tensors = StateDict.tensors(network.graph());
            assertThat(tensors.keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            expected.stream().map(Reference.TensorLine::name).toList());
            for (Reference.TensorLine tensor : expected) {
                assertThat(tensors.get(tensor.name()).shape()).as(tensor.name()).containsExactly(tensor.shape());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RESNET20, 278324, 40818944",
        "RESNET56, 861620, 125753600",
        "RESNET110, 1736564, 253155584",
        "RESNET32X4, 7433860, 1083040768",
        "WRN_40_2, 2255156, 327610880",
        "SHUFFLE_V1, 949258, 38691456"
    })
    void networks_have_the_zoo_s_sizes(Architecture architecture, long parameters, long multiplyAccumulates) {
        try (GraphNetwork network = GraphNetwork.forInference(architecture.network(100))) {
            assertThat(network.description().cost()).isEqualTo(new Cost(parameters, multiplyAccumulates));
            long trained = StateDict.trained(network.graph()).values().stream()
                    .mapToLong(INDArray::length)
                    .sum();
            assertThat(trained).isEqualTo(parameters);
        }
    }

    /**
     * In double precision the four steps follow one another; ShuffleV1's first gradient has the norm 99: each step makes
     * differences a hundred times larger. In single precision each step begins with the state of double precision. A few of
     * its sums come as close to zero as kernels are to double precision, 2e-6, and their ReLU turns the other way, so that
     * steps of single precision alone go apart, and differently on each processor: one such element of resnet20's layer3.1
     * moves the gradient by 1 %.
     */
    @ParameterizedTest
    @CsvSource({"RESNET20, 1e-8", "SHUFFLE_V1, 2e-7"})
    void four_steps_follow_pytorch_s_trajectory_and_each_in_single_precision_is_pytorch_s(
            Architecture architecture, double ofParameters) {
        try (GraphNetwork single = filled(architecture, DataType.FLOAT)) {
            followTrajectory(architecture, (expected, step, exact) -> {
                assertClose(expected, losses(step), 1e-8);
                assertClose(expected, parameters(step, exact), ofParameters);
                assertSingleStep(expected, single, exact.graph().params());
                copyState(exact.graph(), single.graph());
            });
        }
    }

    private static void assertSingleStep(Map<String, Double> expected, GraphNetwork single, INDArray updated) {
        Step step = step(single, expected, DataType.FLOAT);
        assertClose(expected, losses(step), 5e-6);
        assertClose(expected, Map.of("grad_norm", step.gradientNorm()), 2e-2);
        assertThat(single.graph().params().castTo(DataType.DOUBLE).distance2(updated))
                .isLessThan(5e-3 * updated.norm2Number().doubleValue());
    }

    private static void copyState(ComputationGraph from, ComputationGraph to) {
        to.params().assign(from.params().castTo(DataType.FLOAT));
        to.getUpdater()
                .getStateViewArray()
                .assign(from.getUpdater().getStateViewArray().castTo(DataType.FLOAT));
    }

    private interface Check {
        void of(Map<String, Double> expected, Step step, GraphNetwork network);
    }

    private static void followTrajectory(Architecture architecture, Check check) {
        List<Map<String, Double>> steps = ReferenceNetworks.trajectory(architecture.modelName());
        assertThat(steps).hasSize(4);
        try (GraphNetwork network = filled(architecture, DataType.DOUBLE)) {
            for (Map<String, Double> expected : steps) {
                check.of(expected, step(network, expected, DataType.DOUBLE), network);
            }
        }
    }

    private static GraphNetwork filled(Architecture architecture, DataType type) {
        Recipe recipe = new Recipe(4, 8, 0.05, 0.9, 5e-4, List.of(0.5), 0.1);
        LossSettings loss =
                new LossSettings(new LossWeights(0.1, 0.9, 0.01), 4, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 2);
        GraphNetwork network = GraphNetwork.create(architecture.network(100), type, recipe, loss, 1);
        ReferenceNetworks.fill(network, architecture.modelName());
        return network;
    }

    private static Step step(GraphNetwork network, Map<String, Double> expected, DataType type) {
        int number = expected.get("step").intValue();
        int batch = expected.get("batch").intValue();
        network.startEpoch(number - 1);
        return network.step(images(100 + number, batch, type), labels(number, batch, type));
    }

    private static INDArray labels(int step, int batch, DataType type) {
        INDArray labels = Nd4j.create(type, batch, 101);
        for (int j = 0; j < batch; j++) {
            labels.putScalar(j, 0, (7 * step + 13 * j) % 100);
            for (int k = 0; k < 100; k++) {
                labels.putScalar(j, 1 + k, 16 * Reference.u(200 + step, j * 100L + k + 1) - 8);
            }
        }
        return labels;
    }

    private static Map<String, Double> losses(Step step) {
        return Map.of(
                "total", step.total(),
                "kl", step.components().kl() / 16,
                "ce", step.components().ce(),
                "focal", step.components().focal());
    }

    private static Map<String, Double> parameters(Step step, GraphNetwork network) {
        Map<String, INDArray> tensors = StateDict.tensors(network.graph());
        double sum = StateDict.trained(network.graph()).values().stream()
                .mapToDouble(tensor -> tensor.norm1Number().doubleValue())
                .sum();
        return Map.of(
                "grad_norm", step.gradientNorm(),
                "sum_abs_params", sum,
                "first_bn_running_mean_mean",
                        tensors.get("bn1.running_mean").meanNumber().doubleValue(),
                "first_bn_running_var_mean",
                        tensors.get("bn1.running_var").meanNumber().doubleValue(),
                "first_weight", tensors.get("conv1.weight").getDouble(0, 0, 0, 0),
                "last_bias", lastBias(tensors));
    }

    private static double lastBias(Map<String, INDArray> tensors) {
        return tensors.getOrDefault("fc.bias", tensors.get("linear.bias")).getDouble(99);
    }

    private static void assertClose(Map<String, Double> expected, Map<String, Double> found, double relative) {
        found.forEach((name, value) -> assertThat(value)
                .as(name)
                .isCloseTo(expected.get(name), within(relative * Math.abs(expected.get(name)))));
    }
}
