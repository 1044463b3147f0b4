package org.focaldistill.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.spark.TeacherJob;
import org.focaldistill.spark.TrainingKernels;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.store.FolderAccess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "teach",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Train teachers, side by side on free slots.",
        descriptionHeading = "%n",
        description = {
            "Trains networks that the configuration defines under teachers, on cross entropy or with a focal loss, and"
                    + " saves them to paths.teachers with their test accuracy and calibration. Interrupted, it goes on"
                    + " from their last checkpoints when run again.",
            ""
        },
        parameterListHeading = "Parameters:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  focaldistill teach resnet20 -c conf/smoke.conf",
            "  A calibrated one, trained on focal loss alone:",
            "    focaldistill teach calibrated -c my.conf \\",
            "      --set 'teachers.calibrated={model=resnet56,loss={beta=0,gamma=1,focalForm=flsd53}}'",
        })
final class TeachCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions configuration = new ConfigOptions();

    @Parameters(
            paramLabel = "TEACHER",
            arity = "0..*",
            description = "Names under \"teachers\" in the configuration; by default those of the sweep's pairs.")
    private List<String> names = List.of();

    @Option(names = "--again", description = "Train anew although there is a model; it replaces the old one.")
    private boolean again;

    @Override
    public Integer call() throws IOException {
        FocalDistillConfig loaded = configuration.load();
        Console console = Terminal.console();
        try (SparkCluster cluster = SparkCluster.start("FocalDistill teach")) {
            FocalDistillConfig config = loaded.withPaths(cluster::everywhere);
            FolderAccess access = new FolderAccess(cluster.hadoopConfiguration());
            access.requireReachable("paths.data", config.paths().data());
            access.requireReachable("paths.teachers", config.paths().teachers());
            Inputs inputs = new Inputs(config, cluster.hadoopConfiguration());
            Teachers teachers = new Teachers(config, inputs, cluster, console);
            List<String> open = new ArrayList<>();
            for (String name : names.isEmpty() ? inputs.teachersOfPairs() : names) {
                TeacherJob.Order order = inputs.order(name);
                if (!again && teachers.exist(name)) {
                    teachers.requireAsConfigured(name);
                    console.line(name + " is trained already (" + order.uri() + "); --again trains it anew");
                } else {
                    open.add(name);
                }
            }
            boolean all = teachers.train(open, (left, speed) -> {});
            TrainingKernels.remind(console);
            return all ? ExitCode.OK : ExitCode.INTERRUPTED;
        }
    }
}
