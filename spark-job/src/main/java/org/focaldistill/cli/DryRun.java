package org.focaldistill.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.spark.SweepRun;
import org.focaldistill.spark.TeacherJob;
import org.focaldistill.spark.bank.BankPlan;
import org.focaldistill.spark.bank.Banks;
import org.focaldistill.spark.bench.SweepEstimate;
import org.focaldistill.spark.bench.SweepEstimate.MissingTeacher;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.gpu.CardPlan;
import org.focaldistill.spark.gpu.ExecutorMemory;
import org.focaldistill.spark.gpu.ExecutorReports;
import org.focaldistill.spark.gpu.MemoryPlan;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.Trial;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/** Says what a sweep would do and how long it would take, and leaves nothing behind. */
final class DryRun {
    /** As many as {@code bench} takes; loading all would take longer than measuring. */
    private static final int MOST_IMAGES = 2560;

    private static final int MOST_TEST_IMAGES = 500;

    private final FocalDistillConfig config;
    private final Inputs inputs;
    private final SparkCluster cluster;
    private final Console console;
    private final @Nullable Double teraFlops;
    private final Configuration hadoop;

    /** @param teraFlops what a slot is assumed to do; null to measure it */
    DryRun(
            FocalDistillConfig config,
            Inputs inputs,
            SparkCluster cluster,
            Console console,
            @Nullable Double teraFlops) {
        this.config = config;
        this.inputs = inputs;
        this.cluster = cluster;
        this.console = console;
        this.teraFlops = teraFlops;
        this.hadoop = cluster.hadoopConfiguration();
    }

    /** @param missing teachers that the sweep would train first */
    void print(Teachers teachers, List<String> missing) throws IOException {
        List<String> there = inputs.teachersOfPairs().stream()
                .filter(name -> !missing.contains(name))
                .toList();
        Map<String, ReadyTeacher> all = new TreeMap<>();
        if (inputs.prepared()) {
            all.putAll(teachers.ready(there));
        } else {
            console.line("There are no prepared images in " + config.paths().data()
                    + "; counted are those of the archive, all trials and banks as new");
            there.forEach(name -> all.put(name, Teachers.unknown(inputs.order(name), teachers.computation())));
        }
        missing.forEach(name -> all.put(name, notYet(name, teachers.computation())));
        ResultStore store = new ResultStore(hadoop, new Path(config.paths().results()));
        SweepPlan whole = inputs.plan(all, teachers.computation());
        SweepRun run = SweepCommand.run(config, whole, store, console);
        SweepPlan plan = run.plan();
        SweepCommand.printPlan(run, inputs.dataRef(), store, console);
        console.line("Roles: " + roles(plan));
        if (!run.race().isEmpty()) {
            console.line("Rounds after that have up to "
                    + (whole.trials().size() - plan.trials().size()) + " trials more, by what comes out");
        }
        List<Trial> open = plan.open(store.finishedIds());
        BankPlan bankPlan = new BankPlan(new Banks(config.paths().bank(), inputs.dataLocation(), all), open);
        bankPlan.lines(hadoop).forEach(console::line);
        int slots = Teachers.runSettings(config).slotsOf(cluster);
        console.line(Words.count(open.size(), "trial") + " to train on " + Words.count(slots, "slot"));
        if (config.stop().stopsAny()) {
            console.line("Stopping early: " + config.stop().inWords() + "; the time below is without that");
        }
        if (!open.isEmpty()) {
            sayWhatMemory(open, teachers.computation(), slots);
        }
        if (!open.isEmpty()) {
            Map<String, Integer> saved =
                    new OpenTrials(hadoop, new Path(config.paths().results())).savedEpochs();
            SweepEstimate.Work work = new SweepEstimate.Work(
                    open, saved, Teachers.models(all), bankPlan.imagesToMake(hadoop), toTrain(missing));
            estimate(work, teachers.computation(), slots).forEach(console::line);
        }
        console.line("Dry run: nothing was trained or written.");
    }

    private void sayWhatMemory(List<Trial> open, Computation computation, int slots) throws IOException {
        DataLocation images = inputs.dataLocation();
        int atATime = teraFlops == null ? cluster.slotsOfExecutor(slots) : slots;
        if (computation.onCard()) {
            console.line(new CardPlan(open, images::network).line(atATime));
        } else if (computation.equals(Computation.CPU_FP32)) {
            MemoryPlan plan = new MemoryPlan(open, images::network, atATime);
            console.line(plan.line());
            if (teraFlops == null) {
                cluster.leaveOutSmall(plan.smallest());
                ExecutorMemory memory = ExecutorReports.OF_THIS_DRIVER.memory();
                console.line("There are " + (memory.bytes() >> 20) + " MiB for trials in " + memory.executor());
                plan.shortages(memory).forEach(console::line);
            }
        }
    }

    /** Its hash is not known, so all its trials are new. */
    private ReadyTeacher notYet(String name, Computation computation) {
        TeacherJob.Order order = inputs.order(name);
        console.line("Teacher " + name + " (" + order.model() + ") is missing and "
                + (config.teacher().train() ? "would" : "has to") + " be trained first, for "
                + Words.count(order.recipe().epochs(), "epoch") + "; what was trained with another one is not reused");
        return Teachers.unknown(order, computation);
    }

    private static String roles(SweepPlan plan) {
        Map<Role, Integer> counts = new EnumMap<>(Role.class);
        for (PlannedTrial planned : plan.trials()) {
            Set<Role> roles = planned.roles();
            roles.forEach(role -> counts.merge(role, 1, Integer::sum));
        }
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + Words.of(entry.getKey()))
                .collect(Collectors.joining(", "));
    }

    private List<MissingTeacher> toTrain(List<String> missing) {
        List<MissingTeacher> first = new ArrayList<>();
        for (String name : missing) {
            TeacherJob.Order order = inputs.order(name);
            long images =
                    (long) order.recipe().epochs() * (inputs.dataLocation().trainImages() - order.validationImages());
            first.add(new MissingTeacher(order.model(), images));
        }
        return first;
    }

    private List<String> estimate(SweepEstimate.Work work, Computation computation, int slots) throws IOException {
        return teraFlops == null
                ? measured(work, computation, Math.min(slots, cluster.slots()))
                : SweepEstimate.assumed(teraFlops, inputs.dataLocation()::network, slots)
                        .lines(work);
    }

    private List<String> measured(SweepEstimate.Work work, Computation computation, int slots) throws IOException {
        DataLocation data = inputs.dataLocation();
        DataLocation part =
                data.first(Math.min(MOST_IMAGES, data.trainImages()), Math.min(MOST_TEST_IMAGES, data.testImages()));
        try (TemporaryFolder folder = new TemporaryFolder(hadoop, config.paths().root(), "dry-run")) {
            return SweepEstimate.measured(cluster, console, part, folder.uri(), computation, slots)
                    .lines(work);
        }
    }
}
