package org.focaldistill.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.spark.SweepJob;
import org.focaldistill.spark.TrainingKernels;
import org.focaldistill.spark.bank.Banks;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.store.DataSetIndex;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.store.ResultStore;
import org.focaldistill.store.SameNumbers;
import org.focaldistill.store.ShardStore;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.zoo.Architecture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rerun",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Train a finished trial again and compare the numbers.",
        descriptionHeading = "%n",
        description = {
            "Takes all settings from the trial's row; of the configuration only paths and run count. Images and teacher"
                    + " must be the same, which their hashes say. Trains in a folder of its own, changes nothing of the"
                    + " stored results, and compares row, epochs, reliability bins and weights bit for bit. Ends with 0"
                    + " if they are equal, with 1 and a list if they differ. Interrupted, the same command goes on. A"
                    + " trial that was stopped early is trained to its end, and compared in the epochs that it has.",
            ""
        },
        parameterListHeading = "Parameters:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  focaldistill rerun 3f2a",
            "  Results of another program version, or of a trial that was stopped early, keeping both:",
            "    focaldistill rerun 3f2a --to rerun-results"
        })
final class RerunCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions configuration = new ConfigOptions();

    @Parameters(paramLabel = "TRIAL", description = "A trial's id, or enough of its beginning.")
    @SuppressWarnings("NullAway.Init")
    private String trial;

    @Option(
            names = "--to",
            converter = LocationConverter.class,
            paramLabel = "FOLDER",
            description =
                    "Results folder of the new run, kept; by default one in paths.root that is deleted in the end.")
    private @Nullable String folder;

    @Override
    public Integer call() throws IOException {
        FocalDistillConfig loaded = configuration.load();
        Console console = Terminal.console();
        try (SparkCluster cluster = SparkCluster.start("FocalDistill rerun")) {
            FocalDistillConfig config = loaded.withPaths(cluster::everywhere);
            Configuration hadoop = cluster.hadoopConfiguration();
            ResultStore stored = new ResultStore(hadoop, new Path(config.paths().results()));
            String id = stored.trialId(trial);
            TrialOutcome before = stored.trial(id);
            if (before == null) {
                throw new IOException("Trial " + id + " has no result yet to compare with; the command sweep makes it");
            }
            Path own = folder == null
                    ? new Path(config.paths().root(), "reruns/" + id)
                    : new Path(cluster.everywhere(folder));
            ResultStore again = new ResultStore(hadoop, own);
            requireNoResult(again, stored, id);
            SweepPlan plan = new SweepPlan(List.of(new PlannedTrial(before.trial(), Set.of(Role.GRID))));
            console.line("Training " + before.trial().label() + " again, in " + again.root());
            SweepJob.Result result = new SweepJob(
                            cluster,
                            console,
                            Teachers.runSettings(config),
                            own.toString(),
                            banks(config, before, hadoop),
                            Version.code())
                    .run(plan);
            if (result.interrupted()) {
                return ExitCode.INTERRUPTED;
            }
            if (result.failed() > 0) {
                return ExitCode.TRIALS_FAILED;
            }
            SameNumbers same = new SameNumbers(hadoop, stored, again);
            List<String> differences =
                    before.status() == TrialStatus.STOPPED_EARLY ? same.differencesOfEpochs(id) : same.differences(id);
            print(before, again.trial(id), differences, console);
            TrainingKernels.remind(console);
            if (folder == null) {
                own.getFileSystem(hadoop).delete(own, true);
            }
            return differences.isEmpty() ? ExitCode.OK : ExitCode.TRIALS_FAILED;
        }
    }

    private void requireNoResult(ResultStore again, ResultStore stored, String id) throws IOException {
        if (again.root().equals(stored.root())) {
            throw new IOException("--to " + folder + " is the folder of the results to compare with; name another");
        }
        // In the command's own folder it is of a run that ended before it could compare.
        if (folder != null && again.trial(id) != null) {
            throw new IOException("There is a result of trial " + id + " in " + again.root()
                    + " already; delete it or name another folder with --to");
        }
    }

    /** Images and teacher as the row has them. */
    private static Banks banks(FocalDistillConfig config, TrialOutcome before, Configuration hadoop)
            throws IOException {
        Trial trial = before.trial();
        DataRef images = trial.data();
        DataSetIndex index = new ShardStore(hadoop, new Path(config.paths().data())).index();
        if (!index.hash().equals(images.hash())) {
            throw new IOException("The images in " + config.paths().data() + " (" + index.name() + ", hash "
                    + index.hash() + ") are not those of the trial (" + images.name() + ", hash " + images.hash()
                    + "); name the folder that has them with --set paths.data=FOLDER");
        }
        String uri = Inputs.teacherUri(config, trial.teacher());
        Safetensors teacher = new ModelFiles(hadoop).read(new Path(uri));
        String hash = Safetensors.hash(teacher.tensors());
        if (!hash.equals(trial.teacherHash())) {
            throw new IOException("The teacher in " + uri + " (hash " + hash + ") is not that of the trial (hash "
                    + trial.teacherHash() + "); name the folder that has it with --set paths.teachers=FOLDER");
        }
        DataLocation data = DataLocation.of(config.paths().data(), index, images.trainImages(), images.testImages());
        TeacherLocation location =
                new TeacherLocation(uri, model(config, trial.teacher(), uri, teacher), hash, trial.computation());
        return new Banks(
                config.paths().bank(),
                data,
                Map.of(trial.teacher(), new ReadyTeacher(location, before.teacher(), null)));
    }

    /** Which network a teacher is: as its file says, or the configuration where a file of another program does not. */
    private static String model(FocalDistillConfig config, String name, String uri, Safetensors file)
            throws InvalidModelException {
        String model = file.metadata().get("model");
        if (model != null) {
            return model;
        }
        FocalDistillConfig.TeacherDefinition configured = config.teachers().get(name);
        if (configured == null) {
            throw new InvalidModelException("The teacher in " + uri + " does not say which network it is; name it with"
                    + " --set teachers." + name + ".model=MODEL, one of "
                    + String.join(", ", Architecture.modelNames()));
        }
        return configured.model();
    }

    private static void print(
            TrialOutcome before, @Nullable TrialOutcome now, List<String> differences, Console console) {
        if (differences.isEmpty() && before.status() == TrialStatus.STOPPED_EARLY) {
            console.line("The same numbers, bit for bit, in the " + before.epochsDone()
                    + " epochs before it was stopped early. Here it was trained to its end.");
            return;
        }
        if (differences.isEmpty()) {
            console.line("The same numbers, bit for bit: row, epochs, reliability bins and weights.");
            return;
        }
        console.line(differences.size() + " differences:");
        differences.forEach(difference -> console.line("  " + difference));
        if (now != null) {
            TrialOutcome.Run then = before.run();
            console.line("stored by " + then.codeVersion() + " on " + then.host() + ", " + then.backend() + "; now by "
                    + now.run().codeVersion() + " on " + now.run().host() + ", "
                    + now.run().backend());
        }
        if (before.trial().workers() > 2) {
            console.line("With three or more slots a trial the order of additions varies, and with it the rounding.");
        }
    }
}
