package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.testing.OnnxSession;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checkpoints in, model files out, on images the project generates. */
class ModelCommandsTest {
    private static final String CONFIG = """
            focaldistill {
              paths.root = "%s"
              data { validation = 20, trainImages = 200, testImages = 100 }
              generated { trainImages = 200, testImages = 100 }
              teachers { imported { model = resnet8 } }
              sweep {
                pairs = [{ teacher = imported, student = resnet8 }]
                alpha = [0.5]
                gamma = [0]
                baselines = []
                references = []
              }
              recipe { epochs = 1, batchSize = 32 }
            }
            """;

    @TempDir
    static Path folder;

    private static Path config;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void prepare_generated_images() throws IOException {
        config = Files.writeString(folder.resolve("my.conf"), CONFIG.formatted(folder));
        GeneratedImages.write(folder.resolve("images"), 200, 100, 1);
        ModelCommandsTest test = new ModelCommandsTest();
        assertThat(test.run("prepare", "-c", config.toString(), "--from", folder.resolve("images") + ""))
                .as(test.err.toString())
                .isZero();
    }

    @Test
    void the_official_images_are_downloaded_once(@TempDir Path other) throws IOException {
        // What preparing the archive leaves, as far as it is looked at.
        ObjectMapper json = new ObjectMapper();
        ObjectNode index =
                (ObjectNode) json.readTree(folder.resolve("data/_index.json").toFile());
        index.put("name", "cifar100").put("generated", false);
        index.put("trainImages", 50_000).put("testImages", 10_000);
        ((ObjectNode) index.get("shards").get(0)).put("images", 50_000);
        ((ObjectNode) index.get("shards").get(1)).put("images", 10_000);
        Path data = Files.createDirectory(other.resolve("data"));
        json.writeValue(data.resolve("_index.json").toFile(), index);

        assertThat(run("prepare", "--set", "paths.data=" + data)).isZero();
        assertThat(out.toString())
                .contains("cifar100: 50000 training and 10000 test images")
                .doesNotContain("Reading");
    }

    @Test
    void an_imported_checkpoint_says_what_matched_is_measured_and_can_be_evaluated() throws Exception {
        Path model = folder.resolve("plain.safetensors");
        assertThat(importing("resnet8_module_student_prefix.pth", model)).isZero();
        assertThat(out.toString())
                .contains("matched       all 47 tensors of resnet8")
                .contains("found under   model")
                .contains("prefix        module.student.")
                .contains("types         47 float32")
                .contains("left out      9 counters num_batches_tracked, epoch")
                .contains("test images   100")
                // PyTorch's resnet8 knows CIFAR-100's classes and not those of generated images.
                .contains("remark        top-1 is what guessing gives, 1 in 100. Usual causes: ")
                .contains("saved as      " + model);
        String measured = metrics();

        out.getBuffer().setLength(0);
        assertThat(run("evaluate", model.toString(), "-c", config.toString(), "--logits", "1", "--gamma", "0.5"))
                .isZero();
        assertThat(metrics()).isEqualTo(measured);
        assertThat(out.toString()).contains("at alpha 0.0, beta 1.0, gamma 0.5").contains("image 0");
    }

    @Test
    void what_does_not_fit_is_refused_and_nothing_is_written() {
        Path model = folder.resolve("bad.safetensors");
        for (String file :
                new String[] {"bad_code.pth", "bad_nan.pth", "bad_negative_variance.pth", "bad_truncated.pth"}) {
            assertThat(importing(file, model)).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(model).doesNotExist();
        }
        assertThat(err.toString())
                .contains("it calls posix.system when it is loaded in Python")
                .contains("element 3 of tensor fc.bias is NaN")
                .contains("element 0 of tensor bn1.running_var is -0.5")
                .contains("it is cut short")
                .doesNotContain("\tat ");
    }

    /** Each value is finite; what is computed with them is not. */
    @Test
    void weights_too_large_to_compute_with_are_refused() throws IOException {
        Path checkpoint = folder.resolve("large.safetensors");
        Files.write(checkpoint, new Safetensors(resnet8(100, Float.MAX_VALUE), Map.of("model", "resnet8")).toBytes());
        Path model = folder.resolve("from-large.safetensors");
        assertThat(run(
                        "import",
                        "--from",
                        checkpoint.toString(),
                        "--model",
                        "resnet8",
                        "--to",
                        model.toString(),
                        "-c",
                        config.toString()))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(model).doesNotExist();
        assertThat(run("evaluate", checkpoint.toString(), "-c", config.toString()))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .containsPattern("import: Cannot use the model .*large.safetensors: its logit of class \\d+ for test"
                        + " image 0 is (NaN|-?Infinity), so its weights are no sound training's")
                .contains("evaluate: Cannot use the model " + checkpoint + ": its logit of class ")
                .doesNotContain("\tat ");
    }

    @Test
    void a_model_of_another_number_of_classes_is_not_measured() throws IOException {
        Path model = folder.resolve("ten.safetensors");
        Files.write(model, new Safetensors(resnet8(10, 1), Map.of("model", "resnet8")).toBytes());
        assertThat(run("evaluate", model.toString(), "-c", config.toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .contains("Cannot use the model " + model + ": it tells 10 classes apart, the images of the"
                        + " configuration have 100");
    }

    /** A new resnet8. */
    private static Map<String, Tensor> resnet8(int classes, float scaleOfLast) {
        Map<String, Tensor> tensors =
                NetworkTensors.initial(Architecture.named("resnet8").network(classes), 1);
        float[] last = Objects.requireNonNull(tensors.get("fc.weight")).values();
        for (int i = 0; i < last.length; i++) {
            last[i] = Math.copySign(Math.min(1, Math.abs(last[i]) + 0.5f) * scaleOfLast, last[i]);
        }
        return tensors;
    }

    @Test
    void a_file_said_to_be_of_no_network_of_the_zoo_is_refused() throws IOException {
        Path model = folder.resolve("unknown.safetensors");
        Files.write(model, new Safetensors(resnet8(100, 1), Map.of("model", "resnet9")).toBytes());
        String to = folder.resolve("unknown.onnx").toString();
        assertThat(run("export", "--student", model.toString(), "--to", to)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run("evaluate", model.toString(), "-c", config.toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString().lines())
                .hasSize(2)
                .allMatch(
                        line -> line.contains("is said to be of the network 'resnet9'; name it with --model, one of"));
    }

    @Test
    void a_model_file_is_replaced_only_if_asked_to() throws IOException {
        Path model = Files.writeString(folder.resolve("there.safetensors"), "mine");
        assertThat(importing("resnet8_plain.pth", model)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("There is a file " + model + " already; --replace replaces it");
        assertThat(model).hasContent("mine");
        assertThat(importing("resnet8_plain.pth", model, "--replace")).isZero();
        assertThat(Files.size(model)).isGreaterThan(100_000);
    }

    @Test
    void an_export_holds_the_model_s_tensors_and_runs_elsewhere() throws Exception {
        Path model = folder.resolve("exported.safetensors");
        assertThat(importing("resnet8_plain.pth", model)).isZero();
        Path weights = folder.resolve("weights.safetensors");
        Path onnx = folder.resolve("model.onnx");
        assertThat(run("export", "--student", model.toString(), "--to", weights.toString()))
                .isZero();
        assertThat(run(
                        "export",
                        "--student",
                        model.toString(),
                        "--to",
                        onnx.toString(),
                        "--raw-pixels",
                        "--probabilities",
                        "--temperature",
                        "2",
                        "--fold-batch-norm"))
                .isZero();
        assertThat(out.toString())
                .contains("input         pixels")
                .contains("outputs       logits, probabilities at temperature 2.0");

        Safetensors before = Safetensors.parse(Files.readAllBytes(model), "before");
        Safetensors after = Safetensors.parse(Files.readAllBytes(weights), "after");
        assertThat(Safetensors.hash(after.tensors())).isEqualTo(Safetensors.hash(before.tensors()));
        assertThat(after.metadata()).containsEntry("format", "pt").containsEntry("model", "resnet8");
        try (OnnxSession session = new OnnxSession(Files.readAllBytes(onnx))) {
            assertThat(session.outputs()).containsExactly("logits", "probabilities");
            assertThat(session.metadata()).containsEntry("model", "resnet8").doesNotContainKey("format");
        }
    }

    @Test
    void options_that_do_not_go_together_are_refused() {
        assertThat(run("export", "--student", "x.safetensors", "--to", "./x.safetensors", "--replace"))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("--to names the model file itself");
        assertThat(run("export", "--student", "x", "--to", "y.txt")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run("export", "--student", "x", "--to", "y.safetensors", "--raw-pixels"))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run("export", "--student", "x", "--to", "y.onnx", "--temperature", "2"))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run("import", "--from", "x", "--model", "resnet", "--to", "y.safetensors"))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .contains("must end with .safetensors or .onnx")
                .contains("are for ONNX; --to y.safetensors is safetensors")
                .contains("--temperature is of --probabilities; give both")
                .contains("Cannot build \"resnet\": the models are resnet8, resnet20");
    }

    @Test
    void addresses_and_files_that_can_not_be_meant_are_named() {
        assertThat(run(
                        "import",
                        "--from",
                        "hdfs://no.such.host.invalid/x.pth",
                        "--model",
                        "resnet8",
                        "--to",
                        folder.resolve("y.safetensors").toString(),
                        "-c",
                        config.toString()))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run("evaluate", "x.pth", "-c", config.toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .contains("there is no machine of the name no.such.host.invalid; check the address")
                .contains("The file x.pth is no model file")
                .contains("comes in with focaldistill import");
    }

    @ParameterizedTest
    @CsvSource({
        "'', is empty",
        "https://host/resnet8.pth, 'is a web address, https://host/resnet8.pth; download the file'",
        "'C:\\models\\resnet8.pth', must be a path of this machine",
        "hdfs:resnet8.pth, must be written hdfs://HOST/PATH",
        "/folder/no\tsuch.pth, must not have line ends"
    })
    void a_location_that_can_not_be_one_is_refused_as_bad_usage(String location, String refusal) {
        String[][] commands = {
            {"import", "-c", config + "", "--model", "resnet8", "--to", "x.safetensors", "--from", location},
            {"evaluate", "-c", config + "", location},
            {"export", "-c", config + "", "--student", location, "--to", "x.onnx"},
            {"export", "-c", config + "", "--student", "x.safetensors", "--to", location},
            {"report", "-c", config + "", "--to", location},
            {"pack", "-c", config + "", "--to", location},
            {"rerun", "-c", config + "", "0123", "--to", location}
        };
        for (String[] command : commands) {
            ModelCommandsTest test = new ModelCommandsTest();
            assertThat(test.run(command)).as(String.join(" ", command)).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(test.err.toString()).contains(refusal).doesNotContain("\tat ");
        }
    }

    @Test
    void a_file_of_this_machine_may_have_a_colon_in_its_name_and_be_written_as_a_uri() throws Exception {
        Path checkpoint = Files.copy(sample("resnet8_plain.pth"), folder.resolve("epoch:240 %20.pth"));
        assertThat(run(
                        "import",
                        "-c",
                        config.toString(),
                        "--from",
                        "file://" + checkpoint,
                        "--model",
                        "resnet8",
                        "--to",
                        folder.resolve("colon.safetensors").toString()))
                .as(err.toString())
                .isZero();
        String target = folder.resolve("epoch:240.safetensors").toString();
        assertThat(run("import", "-c", config + "", "--from", checkpoint + "", "--model", "resnet8", "--to", target))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("no file with a colon in its name, such as " + target);

        assertThat(run("prepare", "-c", config.toString(), "--from", "file://" + folder.resolve("images")))
                .as(err.toString())
                .isZero();
        assertThat(run("prepare", "-c", config.toString(), "--from", "hdfs://host/images"))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("--from must be a path of this machine, found hdfs://host/images");
    }

    @Test
    void models_lists_the_zoo_and_the_study_s_pairs() {
        assertThat(run("models")).isZero();
        assertThat(out.toString())
                .containsPattern("resnet20 +278,324 +40,818,944 +69.06 %")
                .containsPattern("ShuffleV1 +949,258 +38,691,456 +70.50 %")
                .containsPattern("wrn_40_2 +ShuffleV1 +\\d\\d\\.\\d\\d %");
    }

    @Test
    @Tag("slow")
    void a_teacher_that_can_not_be_measured_ends_a_sweep_with_the_reason(@TempDir Path other) throws Exception {
        Path teachers = Files.createDirectories(other.resolve("teachers"));
        Files.write(
                teachers.resolve("imported.safetensors"),
                new Safetensors(resnet8(100, Float.MAX_VALUE), Map.of("model", "resnet8")).toBytes());
        Program sweep = Program.start(
                other, "sweep", "--dry-run", "-c", config.toString(), "--set", "paths.teachers=" + teachers);
        assertThat(sweep.exitCode()).as(sweep.output()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(sweep.output())
                .containsPattern("sweep: Cannot measure teacher imported: Cannot use the model .*imported.safetensors:"
                        + " its logit of class \\d+ for test image 0 is (NaN|-?Infinity)")
                .doesNotContain("\tat ");
    }

    @Test
    @Tag("slow")
    void a_sweep_says_that_an_imported_teacher_may_have_seen_the_held_out_images() throws Exception {
        assertThat(importing("resnet8_plain.pth", folder.resolve("teachers/imported.safetensors")))
                .isZero();
        Program sweep = Program.start(folder, "sweep", "-c", config.toString());
        assertThat(sweep.exitCode()).as(sweep.output()).isZero();
        assertThat(sweep.output())
                .contains("It may have been trained on the 20 images that seeds [1] hold out")
                .contains("1 of 1 trials have a result");
    }

    private int importing(String sample, Path model, String... more) {
        String[] arguments = {
            "import",
            "--from",
            sample(sample).toString(),
            "--model",
            "resnet8",
            "--to",
            model.toString(),
            "-c",
            config.toString()
        };
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return run(all);
    }

    private Path sample(String name) {
        return Path.of(Objects.requireNonNull(getClass().getResource("/teachers/" + name), name)
                .getPath());
    }

    /** What was measured, from the number of images to the ECE. */
    private String metrics() {
        String text = out.toString();
        int ece = text.indexOf("ECE");
        return text.substring(text.indexOf("test images"), text.indexOf('\n', ece));
    }

    private int run(String... arguments) {
        return FocalDistill.run(new PrintWriter(out), new PrintWriter(err), arguments);
    }
}
