package org.focaldistill.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.data.ImageSet;
import org.focaldistill.metrics.Evaluation;
import org.focaldistill.net.Network;
import org.focaldistill.spark.TeacherHeader;
import org.focaldistill.spark.gpu.Engines;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.train.Classifier;
import org.focaldistill.weights.ForeignWeights;
import org.focaldistill.weights.ImageHeader;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.zoo.Architecture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Take over a network trained in PyTorch.",
        descriptionHeading = "%n",
        description = {
            "Reads a checkpoint (.pth in both of PyTorch's formats, or safetensors) with the tensor names of RepDistiller"
                    + " and mdistiller, measures it on the test images of the configuration and saves it as a model"
                    + " file. Nothing in the checkpoint is executed. What does not fit is refused and nothing is"
                    + " written.",
            ""
        },
        optionListHeading = "Options:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  focaldistill import --from ckpt_epoch_240.pth --model resnet56 --to output/teachers/resnet56.safetensors",
            "  The teacher out of a file that holds a student too:",
            "    focaldistill import --from both.pth --prefix module.teacher. --model wrn_40_2 \\",
            "      --to output/teachers/wrn_40_2.safetensors"
        })
final class ImportCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration = new ConfigOptions();

    @Option(
            names = "--from",
            converter = LocationConverter.class,
            paramLabel = "FILE",
            required = true,
            description = "The checkpoint, on any file system Hadoop knows.")
    private String source = "";

    @Option(names = "--model", paramLabel = "NAME", required = true, description = "Which network of the zoo it is.")
    private String model = "";

    @Option(
            names = "--to",
            converter = LocationConverter.class,
            paramLabel = "URI",
            required = true,
            description = "Where it goes; a sweep looks for NAME.safetensors in the folder paths.teachers.")
    private String target = "";

    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            description = "What stands before the names of its tensors, where the file holds several networks.")
    private @Nullable String prefix;

    @Mixin
    private ReplaceOption replacing = new ReplaceOption();

    @Override
    public Integer call() throws IOException {
        Architecture architecture = architecture();
        FocalDistillConfig config = configuration.load();
        Configuration hadoop = HadoopSettings.configuration();
        requireModelFile();
        replacing.requireFree(hadoop, target);
        Inputs inputs = new Inputs(config, hadoop);
        ForeignWeights weights = ForeignWeights.read(new ModelFiles(hadoop).readBytes(new Path(source)), source);
        ImageSet images = inputs.testImages(hadoop);
        LabelledLines lines = new LabelledLines(spec.commandLine().getOut());
        Network network = inputs.dataLocation().network(architecture.modelName());
        ForeignWeights.Match match = weights.matching(shapes(network), prefix);
        report(lines, match);
        try (Classifier classifier = Engines.forEvaluation().classifier(network, match.tensors(), source)) {
            TestRun test = TestRun.of(classifier, images, network.classes(), source);
            test.print(lines);
            Map<String, String> header = header(network, inputs, test.evaluation());
            replacing.write(hadoop, target, new Safetensors(match.tensors(), header).toBytes());
            lines.add("saved as", "%s", target);
        }
        return ExitCode.OK;
    }

    private Architecture architecture() {
        try {
            return Architecture.named(model);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--model: " + e.getMessage(), e);
        }
    }

    private void requireModelFile() {
        if (!target.endsWith(".safetensors")) {
            throw new ParameterException(
                    spec.commandLine(), "--to " + target + " must end with .safetensors: that is what is written");
        }
    }

    private static Map<String, long[]> shapes(Network network) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        network.parameters().forEach(parameter -> shapes.put(parameter.name(), parameter.shape()));
        return shapes;
    }

    private void report(LabelledLines lines, ForeignWeights.Match match) {
        lines.add("read", "%s", source);
        lines.add("matched", "all %d tensors of %s", match.tensors().size(), model);
        if (!match.where().isEmpty()) {
            lines.add("found under", "%s", match.where());
        }
        if (!match.prefix().isEmpty()) {
            lines.add("prefix", "%s", match.prefix());
        }
        lines.add(
                "types",
                "%s",
                match.types().entrySet().stream()
                        .map(type -> type.getValue() + " " + type.getKey())
                        .collect(Collectors.joining(", ")));
        if (!match.ignored().isEmpty()) {
            lines.add("left out", "%s", String.join(", ", match.ignored()));
        }
    }

    private Map<String, String> header(Network network, Inputs inputs, Evaluation test) {
        Map<String, String> header = new LinkedHashMap<>();
        header.put("format", "focaldistill teacher 1");
        header.put("model", model);
        header.put("classes", Integer.toString(network.classes()));
        header.putAll(ImageHeader.of(network.imageInput()));
        header.put("imported_from", new Path(source).getName());
        header.putAll(TeacherHeader.of(test, inputs.dataLocation()));
        return header;
    }
}
