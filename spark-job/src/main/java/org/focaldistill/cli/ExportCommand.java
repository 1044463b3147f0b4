package org.focaldistill.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.OnnxModel;
import org.focaldistill.weights.OnnxOptions;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Write a student for use elsewhere.",
        descriptionHeading = "%n",
        description = {
            "As safetensors it has the zoo's tensor names and loads into the same PyTorch model. As ONNX (operator set 17,"
                    + " 32-bit floats, any batch size) it takes \"images\" [batch, 3, rows, columns], red, green and"
                    + " blue of the size it was trained on, normalised as in training, and gives \"logits\" [batch, classes].",
            ""
        },
        optionListHeading = "Options:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  focaldistill export --student output/results/students/ID.safetensors --to student.safetensors",
            "  For a program that has bytes and wants calibrated probabilities:",
            "    focaldistill export --student output/results/students/ID.safetensors --to student.onnx \\",
            "      --raw-pixels --probabilities --fold-batch-norm"
        })
final class ExportCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--student",
            converter = LocationConverter.class,
            paramLabel = "MODEL",
            required = true,
            description = "The model file, a student's or a teacher's, on any file system Hadoop knows.")
    private String student = "";

    @Option(
            names = "--to",
            converter = LocationConverter.class,
            paramLabel = "FILE",
            required = true,
            description = "What to write; its ending, .safetensors or .onnx, is the format.")
    private String target = "";

    @Mixin
    private ReplaceOption replacing = new ReplaceOption();

    @Option(names = "--model", paramLabel = "NAME", description = "Which network it is, for a file that does not say.")
    private @Nullable String name;

    @Option(
            names = "--raw-pixels",
            description = "ONNX: take \"pixels\" of that shape, unsigned bytes, and normalise them inside.")
    private boolean rawPixels;

    @Option(
            names = "--probabilities",
            description = {
                "ONNX: also give \"probabilities\", the softmax of the logits divided by the temperature that",
                "calibrated the model on its held-out images; by 1 if there were none."
            })
    private boolean probabilities;

    @Option(names = "--temperature", paramLabel = "T", description = "That temperature, instead of the model's own.")
    private @Nullable Double temperature;

    @Option(
            names = "--fold-batch-norm",
            description = "ONNX: make each batch norm right behind a convolution a part of it.")
    private boolean foldBatchNorm;

    @Override
    public Integer call() throws IOException {
        boolean onnx = isOnnx();
        Configuration hadoop = HadoopSettings.configuration();
        if (new Path(target).equals(new Path(student))) {
            throw new ParameterException(spec.commandLine(), "--to names the model file itself; give another place");
        }
        replacing.requireFree(hadoop, target);
        SavedModel saved = SavedModel.read(hadoop, student, name);
        OnnxOptions options = options(saved);
        // For safetensors too: it must be a network before others rely on it.
        NetworkTensors.require(saved.network(), saved.file().tensors(), saved.uri());
        Map<String, Tensor> tensors = saved.file().tensors();
        byte[] bytes = onnx
                ? OnnxModel.of(saved.network(), tensors, options, about(saved, onnx))
                : new Safetensors(tensors, about(saved, onnx)).toBytes();
        replacing.write(hadoop, target, bytes);
        LabelledLines lines = new LabelledLines(spec.commandLine().getOut());
        lines.add("saved as", "%s, %,d bytes", target, bytes.length);
        lines.add("network", "%s", saved.architecture().modelName());
        if (onnx) {
            lines.add("input", "%s", options.rawPixels() ? OnnxModel.PIXELS : OnnxModel.IMAGES);
            lines.add("outputs", "%s", outputs(options));
        }
        return ExitCode.OK;
    }

    private boolean isOnnx() {
        boolean onnx = target.endsWith(".onnx");
        if (!onnx && !target.endsWith(".safetensors")) {
            throw new ParameterException(
                    spec.commandLine(), "--to " + target + " must end with .safetensors or .onnx, the format");
        }
        if (!onnx && (rawPixels || foldBatchNorm || probabilities)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--raw-pixels, --probabilities and --fold-batch-norm are for ONNX; --to " + target
                            + " is safetensors");
        }
        if (temperature != null && !probabilities) {
            throw new ParameterException(spec.commandLine(), "--temperature is of --probabilities; give both");
        }
        return onnx;
    }

    private OnnxOptions options(SavedModel saved) {
        try {
            return new OnnxOptions(rawPixels, foldBatchNorm, probabilities ? calibration(saved) : null);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--temperature: " + e.getMessage(), e);
        }
    }

    private static String outputs(OnnxOptions options) {
        return options.temperature() == null
                ? OnnxModel.LOGITS
                : OnnxModel.LOGITS + ", " + OnnxModel.PROBABILITIES + " at temperature " + options.temperature();
    }

    private double calibration(SavedModel saved) {
        return temperature != null
                ? temperature
                : Double.parseDouble(saved.file().metadata().getOrDefault("calibration_temperature", "1"));
    }

    private static Map<String, String> about(SavedModel saved, boolean onnx) {
        Map<String, String> about = new LinkedHashMap<>(saved.file().metadata());
        about.remove("format");
        if (!onnx) {
            // What other readers of safetensors expect of weights for PyTorch.
            about.put("format", "pt");
        }
        about.put("model", saved.architecture().modelName());
        about.put("classes", Integer.toString(saved.classes()));
        return about;
    }
}
