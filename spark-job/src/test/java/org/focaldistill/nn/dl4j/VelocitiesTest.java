package org.focaldistill.nn.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ImageDataSet;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.testing.Closeness;
import org.focaldistill.train.Checkpoint;
import org.focaldistill.train.LegControls;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingState;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.train.TrialTrainer.Finished;
import org.focaldistill.train.TrialTrainer.Paused;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VelocitiesTest {
    private static final Dl4jEngine ENGINE = new Dl4jEngine();
    private static final ImageDataSet IMAGES = GeneratedImages.generate(16, 4, 7);
    private static final TrainingData DATA = new TrainingData(IMAGES.train(), IMAGES.test());

    /** After the first step of plain cross-entropy at learning rate 1, what a tensor moved by is its velocity. */
    @ParameterizedTest
    @EnumSource(names = {"RESNET8", "WRN_40_2"})
    void each_lies_under_the_name_of_the_tensor_it_moves(Architecture architecture) {
        assertTheyMove(architecture);
    }

    @Test
    @Tag("slow")
    void so_does_each_of_grouped_convolutions() {
        assertTheyMove(Architecture.SHUFFLE_V1);
    }

    private static void assertTheyMove(Architecture architecture) {
        TrainingTask task = task(architecture, new Recipe(2, 16, 1, 0.9, 0, List.of(), 1));
        TrainingState state = ((Paused) train(task, null, 1)).state();
        Map<String, Tensor> before = NetworkTensors.initial(task.network(), task.initSeed());
        assertThat(state.steps()).isEqualTo(1);
        state.velocities().forEach((name, velocity) -> {
            float[] moved = before.get(name).values().clone();
            float[] after = state.tensors().get(name).values();
            for (int i = 0; i < moved.length; i++) {
                moved[i] -= after[i];
            }
            float precision = 1e-6f * Math.max(1, largest(velocity.values()));
            Closeness.assertClose(name, velocity.values(), moved, precision);
        });
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    @Test
    void from_a_checkpoint_of_format_1_a_training_goes_on_as_if_it_had_not_stopped() throws Exception {
        TrainingTask task = task(Architecture.RESNET8, new Recipe(3, 8, 0.1, 0.9, 5e-4, List.of(), 1));
        TrainingState state = ((Paused) train(task, null, 1)).state();
        TrainingState earlier = new TrainingState(
                state.history(),
                state.steps(),
                state.firstNegativeStep(),
                state.tensors(),
                earlierVelocities(task, state),
                state.best(),
                true);
        assertThat(Safetensors.hash(earlier.velocities())).isNotEqualTo(Safetensors.hash(state.velocities()));

        Safetensors file = Checkpoint.write(earlier, Computation.CPU_FP32, Map.of());
        assertThat(file.metadata()).containsEntry("format", "focaldistill checkpoint 1");
        TrainingState read = Checkpoint.read(file, "x", Computation.CPU_FP32);
        Finished resumed = (Finished) train(task, read, 3);
        Finished whole = (Finished) train(task, null, 3);
        assertThat(Safetensors.hash(resumed.state().tensors()))
                .isEqualTo(Safetensors.hash(whole.state().tensors()));
        assertThat(Safetensors.hash(resumed.state().velocities()))
                .isEqualTo(Safetensors.hash(whole.state().velocities()));
        assertThat(resumed.state().earlierVelocities()).isFalse();
    }

    /** Deeplearning4j's vector cut in the network's order, as versions that wrote format 1 did. */
    private static Map<String, Tensor> earlierVelocities(TrainingTask task, TrainingState state) throws Exception {
        try (GraphNetwork network = GraphNetwork.of(task)) {
            Velocities.write(network.graph(), state.velocities());
            float[] vector = network.graph()
                    .getUpdater()
                    .getStateViewArray()
                    .dup()
                    .data()
                    .asFloat();
            Map<String, Tensor> pieces = new LinkedHashMap<>();
            int from = 0;
            for (String name : StateDict.trained(network.graph()).keySet()) {
                Tensor named = state.velocities().get(name);
                int to = from + named.values().length;
                pieces.put(name, new Tensor(named.shape(), Arrays.copyOfRange(vector, from, to)));
                from = to;
            }
            return pieces;
        }
    }

    private static TrainingTask task(Architecture architecture, Recipe recipe) {
        return new TrainingTask(architecture.network(100), LossSettings.of(LossWeights.CROSS_ENTROPY), recipe, 0, 1, 1);
    }

    private static TrialTrainer.LegOutcome train(TrainingTask task, TrainingState from, int toEpoch) {
        return new TrialTrainer(ENGINE).train(task, DATA, null, from, toEpoch, LegControls.unstopped());
    }
}
