package org.focaldistill.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.data.ImageSet;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.DistillationForm;
import org.focaldistill.loss.DistillationLoss;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.text.Words;
import org.focaldistill.train.Classifier;
import org.focaldistill.weights.InvalidModelException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Measure a model on the test images.",
        descriptionHeading = "%n",
        description = {
            "Prints accuracy, calibration and the loss of a teacher's or a student's model file on the test images of the"
                    + " configuration; \"focaldistill prepare\" must have been run.",
            ""
        },
        parameterListHeading = "Parameters:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  focaldistill evaluate output/teachers/resnet56.safetensors",
            "  A student's loss at weights of your choice, beside the teacher it learned from:",
            "    focaldistill evaluate output/results/students/ID.safetensors \\",
            "      --teacher output/teachers/resnet56.safetensors --alpha 0.5 --beta 0.5"
        })
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration = new ConfigOptions();

    @Parameters(
            paramLabel = "MODEL",
            converter = LocationConverter.class,
            description = "A model file, on any file system Hadoop knows.")
    private String model = "";

    @Option(names = "--model", paramLabel = "NAME", description = "Which network it is, for a file that does not say.")
    private @Nullable String name;

    @Option(
            names = "--teacher",
            converter = LocationConverter.class,
            paramLabel = "MODEL",
            description = "A teacher's model file; needed for alpha above 0.")
    private @Nullable String teacher;

    @Option(names = "--alpha", description = "Weight of the distillation term; by default 0.")
    private double alpha;

    @Option(names = "--beta", description = "Weight of the cross entropy; by default 1 - alpha.")
    private @Nullable Double beta;

    @Option(names = "--gamma", description = "Weight of the focal term; by default 0.")
    private double gamma;

    @Option(names = "--temperature", paramLabel = "T", description = "Of the distillation; by default 4.")
    private double temperature = 4;

    @Option(names = "--focal-exponent", paramLabel = "EXPONENT", description = "By default 2.")
    private double focalExponent = 2;

    @Option(
            names = "--kl-direction",
            paramLabel = "DIRECTION",
            description = "Of the divergence: teacher-student, which is the default, or student-teacher.")
    private KlDirection klDirection = KlDirection.TEACHER_STUDENT;

    @Option(
            names = "--focal-form",
            paramLabel = "FORM",
            description =
                    "How the focal term is computed: fixed, which is the default, flsd53, dual, entropy-bound or lost-minus.")
    private FocalForm focalForm = FocalForm.FIXED;

    @Option(
            names = "--distillation",
            paramLabel = "FORM",
            description =
                    "What alpha weighs: kl, which is the default, jensen-shannon, mse-logits, standardised-kl, dkd, dist,"
                            + " nkd or focal-kl, at its usual parameters.")
    private DistillationForm distillation = DistillationForm.KL;

    @Option(
            names = "--calibration-weight",
            paramLabel = "WEIGHT",
            description = "Weight of the calibration penalty MDCA; by default 0.")
    private double calibrationWeight;

    @Option(
            names = "--label-smoothing",
            paramLabel = "S",
            description = "The part of a label that all classes share; by default 0.")
    private double labelSmoothing;

    @Option(
            names = "--logits",
            paramLabel = "N",
            description = "Also print the logits of the first N images, to compare with another program's.")
    private int logitsOf;

    @Override
    public Integer call() throws IOException {
        DistillationLoss loss = loss();
        FocalDistillConfig config = configuration.load();
        Configuration hadoop = HadoopSettings.configuration();
        Inputs inputs = new Inputs(config, hadoop);
        ImageSet images = inputs.testImages(hadoop);
        int[] labels = images.labels();
        SavedModel saved = SavedModel.read(hadoop, model, name);
        int classes = inputs.dataLocation().classes();
        TestRun test = test(saved, images, classes);
        double[] teacherLogits = teacher == null
                ? null
                : test(SavedModel.read(hadoop, teacher, null), images, classes).logits();
        LabelledLines lines = new LabelledLines(spec.commandLine().getOut());
        test.print(lines);
        add(lines, loss.settings(), loss.evaluate(test.logits(), teacherLogits, labels, null));
        addLogits(lines, test.logits(), saved.classes(), logitsOf);
        return ExitCode.OK;
    }

    private DistillationLoss loss() {
        if (alpha > 0 && teacher == null) {
            throw new ParameterException(
                    spec.commandLine(), "--alpha " + alpha + " needs --teacher: the term compares with its logits");
        }
        try {
            LossWeights weights = new LossWeights(alpha, beta == null ? 1 - alpha : beta, gamma);
            return new DistillationLoss(new LossSettings(
                    weights,
                    temperature,
                    klDirection,
                    focalForm,
                    focalExponent,
                    labelSmoothing,
                    Distillation.of(distillation),
                    calibrationWeight));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static TestRun test(SavedModel saved, ImageSet images, int classes) throws IOException {
        int side = saved.images().side();
        if (side != images.side()) {
            throw new InvalidModelException("Cannot use the model " + saved.uri() + ": it was trained on images of "
                    + side + " rows, those of the configuration have " + images.side()
                    + "; give the configuration of the images it was trained on");
        }
        try (Classifier classifier = saved.open()) {
            return TestRun.of(classifier, images, classes, saved.uri());
        }
    }

    private void add(LabelledLines lines, LossSettings settings, LossComponents loss) {
        LossWeights weights = settings.weights();
        if (teacher != null) {
            lines.add(
                    "KL times T^2",
                    "%.6f (%s, T %s)",
                    loss.kl(),
                    Words.of(settings.klDirection()),
                    settings.temperature());
        }
        if (teacher != null && distillation != DistillationForm.KL) {
            lines.add("distillation", "%.6f (%s)", loss.distillation(), settings.distillation());
        }
        if (calibrationWeight > 0) {
            lines.add("MDCA", "%.6f", loss.calibration());
        }
        lines.add("CE", "%.6f", loss.ce());
        if (settings.labelSmoothing() > 0) {
            lines.add(
                    "of labels",
                    "%.6f (CE with label smoothing %s)",
                    loss.ofLabels(settings.labelSmoothing()),
                    settings.labelSmoothing());
        }
        lines.add("focal", "%.6f (%s)", loss.focal(), focalInWords(settings));
        lines.add(
                "loss",
                "%.6f at alpha %s, beta %s, gamma %s",
                loss.total(settings),
                weights.alpha(),
                weights.beta(),
                weights.gamma());
    }

    private static String focalInWords(LossSettings settings) {
        return Words.of(settings.focalForm())
                + (settings.focalForm() == FocalForm.FLSD53 ? "" : ", exponent " + settings.focalExponent());
    }

    /** For a comparison with what another program makes of the same image. */
    private void addLogits(LabelledLines lines, double[] logits, int classes, int images) {
        for (int image = 0; image < Math.min(images, logits.length / classes); image++) {
            String row = Arrays.stream(logits, image * classes, (image + 1) * classes)
                    .mapToObj(logit -> String.format(Locale.ROOT, "%.4f", logit))
                    .collect(Collectors.joining(" "));
            lines.add("image " + image, "%s", row);
        }
    }
}
