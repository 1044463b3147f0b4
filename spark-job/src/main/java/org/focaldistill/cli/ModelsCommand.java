package org.focaldistill.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.focaldistill.net.Cost;
import org.focaldistill.zoo.Architecture;
import org.focaldistill.zoo.StudyPair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "List the networks and the study's pairs.",
        descriptionHeading = "%n",
        description = {
            "Sizes are for 100 classes and images of 32 x 32 pixels: trained parameters, and multiply-accumulates of"
                    + " convolutions and linear layers for one image. The accuracies are those that RepDistiller's"
                    + " README reports on CIFAR-100 after 240 epochs; nothing here was measured.",
            ""
        },
        optionListHeading = "Options:%n")
final class ModelsCommand implements Callable<Integer> {
    private static final int CLASSES = 100;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "%-11s %10s %14s %15s%n", "model", "parameters", "MACs an image", "published top-1");
        for (Architecture architecture : Architecture.values()) {
            out.println(row(architecture));
        }
        out.printf(Locale.ROOT, "%n%-11s %-10s %21s%n", "teacher", "student", "published top-1 of KD");
        for (StudyPair pair : StudyPair.ALL) {
            out.printf(
                    Locale.ROOT,
                    "%-11s %-10s %19.2f %%%n",
                    pair.teacher().modelName(),
                    pair.student().modelName(),
                    pair.publishedKd());
        }
        return ExitCode.OK;
    }

    private static String row(Architecture architecture) {
        Cost cost = architecture.network(CLASSES).cost();
        double top1 = architecture.publishedTop1();
        return String.format(
                Locale.ROOT,
                "%-11s %,10d %,14d %15s",
                architecture.modelName(),
                cost.parameters(),
                cost.multiplyAccumulates(),
                Double.isNaN(top1) ? "-" : String.format(Locale.ROOT, "%.2f %%", top1));
    }
}
