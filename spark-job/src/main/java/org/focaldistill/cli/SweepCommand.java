package org.focaldistill.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.config.ConfigException;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.report.RaceAnswers;
import org.focaldistill.report.Report;
import org.focaldistill.spark.RaceJob;
import org.focaldistill.spark.RunSettings;
import org.focaldistill.spark.SweepJob;
import org.focaldistill.spark.SweepRun;
import org.focaldistill.spark.TrainingKernels;
import org.focaldistill.spark.bank.BankPlan;
import org.focaldistill.spark.bank.Banks;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.store.FolderAccess;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "sweep",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Train a student for every combination of weights and record what came out.",
        descriptionHeading = "%n",
        description = {
            "Plans the trials of a configuration and trains those that have no result yet, as many at a time as Spark"
                    + " has slots. Results are Parquet tables under paths.results, one file a trial, readable while the"
                    + " sweep runs. To go on after a crash or Ctrl-C, give the same command again.",
            "",
            "Needs prepared images (focaldistill prepare) and teachers (focaldistill teach, or teacher.train = true).",
            ""
        },
        optionListHeading = "Options:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  focaldistill sweep -c conf/smoke.conf",
            "  Two more seeds; what is finished is not trained again:",
            "    focaldistill sweep -c conf/smoke.conf --set sweep.seeds=[1,2,3]",
            "  What would it do, and how long would it take?",
            "    focaldistill sweep -c conf/smoke.conf --dry-run",
            "  And on 8 slots that are not here, if each does 3 TFLOP/s?",
            "    focaldistill sweep -c conf/study.conf --dry-run \\",
            "      --assume-tflops 3 --set run.slots=8",
            "  A finer grid of alpha:",
            "    focaldistill sweep -c conf/smoke.conf --set 'sweep.alpha=[0,0.02,0.04]'"
        })
final class SweepCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration = new ConfigOptions();

    @Option(
            names = "--dry-run",
            description = {
                "Only say what would be done: trials, slots, the bank's files and bytes, and the time, from a measurement"
                        + " of some seconds. Trains and writes nothing."
            })
    private boolean dryRun;

    @Option(
            names = "--assume-tflops",
            paramLabel = "N",
            description = {
                "With --dry-run: measure nothing; estimate the time on run.slots slots that do N TFLOP/s each in"
                        + " convolutions and fully connected layers. Needs neither images nor teachers."
            })
    private @Nullable Double assumedTeraFlops;

    @Override
    public Integer call() throws IOException {
        requireUsable(assumedTeraFlops);
        FocalDistillConfig loaded = configuration.load();
        Console console = Terminal.console();
        try (SparkCluster cluster = SparkCluster.start("FocalDistill sweep")) {
            FocalDistillConfig config = loaded.withPaths(cluster::everywhere);
            requireFolders(config, cluster.hadoopConfiguration());
            Inputs inputs = assumedTeraFlops == null
                    ? new Inputs(config, cluster.hadoopConfiguration())
                    : Inputs.preparedOrNot(config, cluster.hadoopConfiguration());
            Teachers teachers = new Teachers(config, inputs, cluster, console);
            List<String> missingTeachers = inputs.missingTeachers(cluster.hadoopConfiguration());
            if (assumedTeraFlops == null) {
                sayWhyNoCard(teachers, cluster, console);
                // What is finished can be looked at anywhere; the sweep itself asks for what is open.
                if (dryRun || !missingTeachers.isEmpty()) {
                    teachers.requireAble();
                }
            }
            if (!missingTeachers.isEmpty() && !config.teacher().train() && assumedTeraFlops == null) {
                String missing = missingTeachers.get(0);
                throw new IOException("There is no teacher " + missing + " in " + inputs.teacherUri(missing)
                        + ". Train it: focaldistill teach " + missing
                        + " with the same -c and --set, or let the sweep do it: --set teacher.train=true");
            }
            if (dryRun) {
                new DryRun(config, inputs, cluster, console, assumedTeraFlops).print(teachers, missingTeachers);
                return ExitCode.OK;
            }
            new FolderAccess(cluster.hadoopConfiguration())
                    .requireWritable("paths.results", config.paths().results());
            if (!missingTeachers.isEmpty() && !train(missingTeachers, config, inputs, teachers, cluster, console)) {
                return ExitCode.INTERRUPTED;
            }
            return sweep(config, inputs, teachers, cluster, console);
        }
    }

    /** Somebody who has a card expects it to be used. */
    private static void sayWhyNoCard(Teachers teachers, SparkCluster cluster, Console console) {
        if (!teachers.computation().onCard()) {
            cluster.unusedCards().forEach(console::line);
        }
    }

    private void requireUsable(@Nullable Double teraFlops) {
        if (teraFlops == null) {
            return;
        }
        if (!dryRun) {
            throw new ParameterException(
                    spec.commandLine(), "--assume-tflops only changes how a dry run estimates the time; add --dry-run");
        }
        if (!(teraFlops > 0) || !Double.isFinite(teraFlops)) {
            throw new ParameterException(
                    spec.commandLine(), "--assume-tflops must be above 0 and finite, found " + teraFlops);
        }
    }

    /** Before a teacher is trained for hours. */
    private static void requireFolders(FocalDistillConfig config, Configuration hadoop) throws IOException {
        FolderAccess access = new FolderAccess(hadoop);
        // What is only read may be somebody else's.
        access.requireReachable("paths.data", config.paths().data());
        access.requireReachable("paths.teachers", config.paths().teachers());
        access.requireReachable("paths.bank", config.paths().bank());
        access.requireReachable("paths.results", config.paths().results());
    }

    private static boolean train(
            List<String> missing,
            FocalDistillConfig config,
            Inputs inputs,
            Teachers teachers,
            SparkCluster cluster,
            Console console)
            throws IOException {
        missing.forEach(name -> console.line("Training the missing teacher " + name));
        Map<String, ReadyTeacher> all = new TreeMap<>(teachers.ready(inputs.teachersOfPairs().stream()
                .filter(name -> !missing.contains(name))
                .toList()));
        missing.forEach(name -> all.put(name, Teachers.unknown(inputs.order(name), teachers.computation())));
        int slots = Math.min(Teachers.runSettings(config).slotsOf(cluster), cluster.slots());
        TimeToEnd time = new TimeToEnd(config, inputs, teachers.computation(), cluster.hadoopConfiguration(), slots);
        return teachers.train(missing, (left, speed) -> {
            // Of many that share a card none is as fast as one alone.
            if (!teachers.computation().onCard()) {
                console.line(time.line(all, left, speed));
            }
        });
    }

    private static int sweep(
            FocalDistillConfig config, Inputs inputs, Teachers teachers, SparkCluster cluster, Console console)
            throws IOException {
        Map<String, ReadyTeacher> ready = teachers.ready(inputs.teachersOfPairs());
        String results = config.paths().results();
        ResultStore store = new ResultStore(cluster.hadoopConfiguration(), new Path(results));
        SweepPlan all = inputs.plan(ready, teachers.computation());
        SweepRun begin = run(config, all, store, console);
        SweepPlan plan = begin.plan();
        Banks banks = new Banks(config.paths().bank(), inputs.dataLocation(), ready);
        new OtherEngines(config, inputs, store, cluster.hadoopConfiguration()).requireNone(plan, ready);
        printPlan(begin, inputs.dataRef(), store, console);
        BankPlan bankPlan = new BankPlan(banks, plan.open(store.finishedIds()));
        bankPlan.lines(cluster.hadoopConfiguration()).forEach(console::line);
        BankPlan ofAllRounds = new BankPlan(banks, begin.possible().open(store.finishedIds()));
        if (ofAllRounds.imagesToMake(cluster.hadoopConfiguration()).values().stream()
                .anyMatch(images -> images > 0)) {
            new FolderAccess(cluster.hadoopConfiguration())
                    .requireWritable("paths.bank", config.paths().bank());
        }
        RunSettings settings = Teachers.runSettings(config).stopping(config.stop());
        Supplier<SweepJob> jobs = () -> new SweepJob(cluster, console, settings, results, banks, Version.code());
        SweepJob.Result result = config.race().isRace()
                ? new RaceJob(config.race(), all, store, console).run(jobs)
                : jobs.get().run(begin);
        if (result.finished() > 0) {
            console.line(Report.of(store, begin.sweepId()).trialTable());
        }
        console.line(result.finished() + " of " + result.planned() + " trials have a result, in " + results);
        RaceAnswers.of(store, begin.sweepId()).lines().forEach(console::line);
        TrainingKernels.remind(console);
        if (result.interrupted()) {
            return ExitCode.INTERRUPTED;
        }
        if (result.nothingWorks()) {
            return ExitCode.TRY_AGAIN;
        }
        return result.isComplete() ? ExitCode.OK : ExitCode.TRIALS_FAILED;
    }

    /** All of a sweep, or of a race the round that is next. */
    static SweepRun run(FocalDistillConfig config, SweepPlan all, ResultStore store, Console console)
            throws IOException {
        if (!config.race().isRace()) {
            return SweepRun.of(all);
        }
        try {
            return SweepRun.of(new RaceJob(config.race(), all, store, console).race());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(List.of(String.valueOf(e.getMessage())));
        }
    }

    private static void sayWhatIdles(SweepPlan plan, Console console) {
        List<Trial> idle = plan.trials().stream()
                .map(PlannedTrial::trial)
                .filter(Trial::idlesAtEnd)
                .toList();
        long never = idle.stream().filter(trial -> trial.loss().idles()).count();
        if (never > 0) {
            console.line("Nothing is learned where alpha, beta and gamma are all 0, as in " + never
                    + " of these; to leave them out change sweep.beta or an axis");
        }
        if (idle.size() > never) {
            console.line("In " + (idle.size() - never)
                    + " of these nothing but weight decay and momentum moves the student after sweep.distillationLast, as no"
                    + " other term has a weight");
        }
    }

    static void printPlan(SweepRun run, DataRef data, ResultStore store, Console console) throws IOException {
        SweepPlan plan = run.plan();
        int done = plan.trials().size() - plan.open(store.finishedIds()).size();
        console.line("Sweep " + run.sweepId() + ": "
                + Words.count(plan.trials().size(), "trial") + (run.race().isEmpty() ? ", " : " up to the next round, ")
                + done
                + " of them finished earlier; images: " + data.name() + ", " + data.trainImages() + " for training ("
                + data.validationImages() + " held out), " + data.testImages() + " for testing");
        console.line("Trained by " + plan.trials().get(0).trial().computation());
        sayWhatIdles(plan, console);
        Set<String> planned =
                plan.trials().stream().map(each -> each.trial().id()).collect(Collectors.toSet());
        long stopped = store.trials().stream()
                .filter(row -> row.status() == TrialStatus.STOPPED_EARLY)
                .filter(row -> planned.contains(row.trial().id()))
                .count();
        if (stopped > 0) {
            console.line(stopped + " of the finished trials were stopped early and stay so; to train one to its end:"
                    + " focaldistill rerun TRIAL --to FOLDER");
        }
        new PlanChanges(plan, store).lines().forEach(console::line);
    }
}
