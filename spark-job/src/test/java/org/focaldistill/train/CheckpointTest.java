package org.focaldistill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.focaldistill.sweep.Computation.CPU_FP32;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.train.TrainingState.Best;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    private static final EpochResult FIRST = new EpochResult(
            1,
            0.05,
            new SplitLoss(4.1, new LossComponents(0.25, 4.4, 0.1 + 0.2)),
            new SplitLoss(3.9, new LossComponents(1e-300, 4.2, -0.0)),
            0.125,
            0.0625,
            1.7,
            12.34,
            45_000);
    /** Without a teacher and without held-out images. */
    private static final EpochResult PLAIN = new EpochResult(
            2,
            0.005,
            new SplitLoss(4, new LossComponents(Double.NaN, 4, 3.5, 5.5, 0.5, 0.25)),
            null,
            null,
            null,
            2.5,
            11,
            50_000);

    @Test
    void every_field_comes_back() throws Exception {
        TrainingState state = new TrainingState(
                List.of(FIRST, PLAIN), 1564, 77L, tensors(1), velocities(), new Best(1, 0.125, tensors(9)));
        TrainingState read = throughFile(state);

        assertThat(read.history()).containsExactly(FIRST, PLAIN);
        assertThat(read.epochs()).isEqualTo(2);
        assertThat(read.steps()).isEqualTo(1564);
        assertThat(read.firstNegativeStep()).isEqualTo(77);
        assertThat(Safetensors.hash(read.tensors())).isEqualTo(Safetensors.hash(state.tensors()));
        assertThat(Safetensors.hash(read.velocities())).isEqualTo(Safetensors.hash(state.velocities()));
        assertThat(read.best().epoch()).isEqualTo(1);
        assertThat(read.best().valTop1()).isEqualTo(0.125);
        assertThat(Safetensors.hash(read.best().tensors())).isEqualTo(Safetensors.hash(tensors(9)));
    }

    @Test
    void what_is_not_there_stays_not_there() throws Exception {
        TrainingState read = throughFile(new TrainingState(List.of(PLAIN), 782, null, tensors(1), velocities(), null));
        assertThat(read.best()).isNull();
        assertThat(read.firstNegativeStep()).isNull();
        assertThat(read.history().get(0).validation()).isNull();
        assertThat(read.history().get(0).valTop1()).isNull();
        assertThat(read.history().get(0).train().components().kl()).isNaN();
    }

    @Test
    void the_header_says_which_epoch_of_what_it_is() {
        Safetensors file = Checkpoint.write(
                new TrainingState(List.of(FIRST, PLAIN), 1564, null, tensors(1), velocities(), null),
                new Computation("cuda", "tf32"),
                Map.of("trial", "abc"));
        assertThat(file.metadata())
                .containsEntry("trial", "abc")
                .containsEntry("format", "focaldistill checkpoint 2")
                .containsEntry("engine", "cuda")
                .containsEntry("numerics", "tf32")
                .containsEntry("epoch", "2")
                .containsEntry("steps", "1564");
        assertThat(file.tensors().keySet()).containsExactly("fc.weight", "fc.bias", "velocity.fc.weight");
    }

    @Test
    void a_model_file_is_no_checkpoint() {
        Safetensors model = new Safetensors(tensors(1), Map.of("model", "resnet8"));
        assertThatThrownBy(() -> Checkpoint.read(model, "teacher.safetensors", CPU_FP32))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("Cannot go on from teacher.safetensors: its header is not a checkpoint's: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"format", "history", "steps", "best_val_top1", "engine", "numerics"})
    void a_missing_entry_is_named(String entry) {
        assertThatThrownBy(() -> Checkpoint.read(with(entry, null), "x", CPU_FP32))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("it lacks the entry " + entry);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "format | focaldistill checkpoint 3",
                "history | no JSON",
                "history | null",
                "history | [null]",
                "history | {}",
                "history | [{\"epoch\": 1, \"mood\": \"good\"}]",
                "steps | many",
                "steps | 1.5",
                "first_negative_step | never",
                "best_epoch | first",
                "best_val_top1 | high",
                "engine | CUDA",
            })
    void entries_of_another_kind_are_refused(String entry, String value) {
        assertThatThrownBy(() -> Checkpoint.read(with(entry, value), "x", CPU_FP32))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("Cannot go on from x: its header is not a checkpoint's: ");
    }

    @Test
    void a_weight_or_an_entry_that_was_changed_afterwards_is_noticed() {
        assertThatThrownBy(() -> Checkpoint.read(with("steps", "783"), "x", CPU_FP32))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("Cannot go on from x: its checksum is ")
                .hasMessageEndingWith("it was damaged");
        Safetensors good = with("steps", "782");
        Map<String, Tensor> tensors = new HashMap<>(good.tensors());
        tensors.putAll(tensors(1.0000001f));
        assertThatThrownBy(() -> Checkpoint.read(new Safetensors(tensors, good.metadata()), "x", CPU_FP32))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("its checksum is ");
    }

    @ParameterizedTest
    @CsvSource({"cuda, fp32", "cpu, bf16", "cuda, tf32"})
    void one_that_another_engine_or_other_numerics_wrote_is_refused(String engine, String numerics) throws Exception {
        Computation other = new Computation(engine, numerics);
        TrainingState state = new TrainingState(List.of(PLAIN), 782, null, tensors(1), velocities(), null);
        Safetensors cpu = Checkpoint.write(state, CPU_FP32, Map.of());
        Safetensors theirs = Checkpoint.write(state, other, Map.of());

        assertThatThrownBy(() -> Checkpoint.read(theirs, "c/epoch-00001.safetensors", CPU_FP32))
                .isInstanceOf(ForeignCheckpointException.class)
                .hasMessage(
                        "Cannot go on from c/epoch-00001.safetensors: engine " + engine + " with numerics " + numerics
                                + " wrote it, and engine cpu with numerics fp32 is to go on. Delete the folder it is in to begin"
                                + " the training anew");
        assertThatThrownBy(() -> Checkpoint.read(cpu, "x", other)).isInstanceOf(ForeignCheckpointException.class);
        assertThat(Checkpoint.read(theirs, "x", other).history()).containsExactly(PLAIN);
    }

    @Test
    void whoever_changes_its_engine_afterwards_is_noticed() {
        assertThatThrownBy(() -> Checkpoint.read(with("engine", "cuda"), "x", new Computation("cuda", "fp32")))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("its checksum is ");
    }

    /** The file was written when there was one engine, and headers did not name it. */
    @Test
    void one_of_before_there_were_engines_is_gone_on_from_by_the_one_there_was() throws Exception {
        Safetensors old = Safetensors.parse(
                getClass()
                        .getResourceAsStream(
                                "/results/schema-1/checkpoints/400216118dc8f59c46cb/epoch-00001.safetensors")
                        .readAllBytes(),
                "old");
        assertThat(old.metadata()).doesNotContainKeys("engine", "numerics");

        TrainingState read = Checkpoint.read(old, "old", CPU_FP32);
        assertThat(read.history()).containsExactly(FIRST);
        assertThat(read.steps()).isEqualTo(782);
        assertThat(read.firstNegativeStep()).isEqualTo(77);
        assertThat(Safetensors.hash(read.tensors())).isEqualTo(Safetensors.hash(tensors(1)));
        assertThat(Safetensors.hash(read.velocities())).isEqualTo(Safetensors.hash(velocities()));
        assertThat(read.earlierVelocities()).isTrue();
        assertThat(Safetensors.hash(read.best().tensors())).isEqualTo(Safetensors.hash(tensors(9)));
        assertThatThrownBy(() -> Checkpoint.read(old, "old", new Computation("cuda", "fp32")))
                .isInstanceOf(ForeignCheckpointException.class)
                .hasMessageContaining("engine cpu with numerics fp32 wrote it");
    }

    /** A good checkpoint but for one entry. */
    private static Safetensors with(String entry, String value) {
        Safetensors good = Checkpoint.write(
                new TrainingState(List.of(FIRST), 782, 5L, tensors(1), velocities(), new Best(1, 0.125, tensors(2))),
                CPU_FP32,
                Map.of());
        Map<String, String> metadata = new HashMap<>(good.metadata());
        metadata.put(entry, value);
        metadata.values().removeIf(java.util.Objects::isNull);
        return new Safetensors(good.tensors(), metadata);
    }

    private static TrainingState throughFile(TrainingState state) throws IOException {
        byte[] file = Checkpoint.write(state, CPU_FP32, Map.of()).toBytes();
        return Checkpoint.read(Safetensors.parse(file, "test"), "test", CPU_FP32);
    }

    private static Map<String, Tensor> tensors(float first) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("fc.weight", new Tensor(new long[] {1, 2}, new float[] {first, -0f}));
        tensors.put("fc.bias", new Tensor(new long[] {1}, new float[] {0.1f}));
        return tensors;
    }

    private static Map<String, Tensor> velocities() {
        return Map.of("fc.weight", new Tensor(new long[] {1, 2}, new float[] {Float.MIN_VALUE, 3e8f}));
    }
}
