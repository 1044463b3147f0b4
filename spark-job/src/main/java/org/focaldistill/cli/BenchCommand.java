package org.focaldistill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.spark.bench.Benchmark;
import org.focaldistill.spark.bench.BenchmarkTeachers;
import org.focaldistill.spark.bench.Measurement;
import org.focaldistill.spark.bench.SchedulerSimulation;
import org.focaldistill.spark.bench.SweepBenchmark;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.store.DataSetIndex;
import org.focaldistill.store.ShardStore;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.Pair;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Measure how fast this machine or cluster trains.",
        descriptionHeading = "%n",
        description = {
            "Runs the trainer of a sweep on prepared images, with teachers of random weights, in rounds: what is compared"
                    + " runs one right after the other, and the median over the rounds counts. Topics:",
            "  training      students without a teacher, on one slot and on all",
            "  teachers      teachers in evaluation mode, on all slots",
            "  distillation  students with the bank and with the teacher on every batch",
            "  sweep         9 cells x 3 epochs with a bank, its making included, and with the teacher on every batch",
            "  driver        what the driver does around a trial: --trials of a millisecond, and a tenth of them",
            "  scheduler     100,000 trials of 4 hours on 1,000 slots that each fail once in 100 hours, on a clock that does not"
                    + " wait; without Spark",
            "  memory        of 10,000 steps of the first student",
            "Close other programs: they share the cores.",
            ""
        },
        optionListHeading = "Options:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  All of it:",
            "    focaldistill bench --json bench.json",
            "  One student, quickly:",
            "    focaldistill bench --only training --student resnet20 --rounds 1",
            "  Jobs of a cluster, which the driver submits one by one:",
            "    focaldistill --master spark://HOST:PORT bench --only driver --trials 2000"
        })
final class BenchCommand implements Callable<Integer> {
    private static final List<Pair> STUDY = List.of(
            new Pair("resnet56", "resnet20"),
            new Pair("resnet110", "resnet20"),
            new Pair("resnet32x4", "ShuffleV1"),
            new Pair("wrn_40_2", "ShuffleV1"));

    private static final int SIMULATED = 100_000;

    private enum Topic {
        TRAINING,
        TEACHERS,
        DISTILLATION,
        SWEEP,
        DRIVER,
        MEMORY,
        SCHEDULER;

        @Override
        public String toString() {
            return Words.of(this);
        }
    }

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration = new ConfigOptions();

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "TOPIC",
            description = "One or more of ${COMPLETION-CANDIDATES}; by default all.")
    private Set<Topic> topics = Set.of(Topic.values());

    @Option(names = "--student", paramLabel = "MODEL", description = "Only pairs with this student.")
    private @Nullable String student;

    @Option(names = "--teacher", paramLabel = "MODEL", description = "Only pairs with this teacher.")
    private @Nullable String teacher;

    @Option(names = "--rounds", paramLabel = "N", description = "Times that speeds are measured. Default: 3.")
    private int rounds = 3;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long each time, after warming up until Java's compilers are done, at most 8 times."
                    + " Default: 12.")
    private int seconds = 12;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "Training images used, the first so many. Default: 2560.")
    private int images = 2560;

    @Option(names = "--trials", paramLabel = "N", description = "Trials of the topic driver. Default: 10000.")
    private int trials = 10_000;

    @Option(
            names = "--json",
            converter = LocalPathConverter.class,
            paramLabel = "FILE",
            description = "Where all rounds go as JSON; an older file is replaced.")
    private java.nio.file.@Nullable Path json;

    @Override
    public Integer call() throws IOException {
        List<Pair> pairs = pairs();
        requireAtLeastOne("--rounds", rounds);
        requireAtLeastOne("--seconds", seconds);
        requireAtLeastOne("--images", images);
        requireWritable(json);
        requireAtLeastOne("--trials", trials);
        FocalDistillConfig loaded = configuration.load();
        Console console = Terminal.console();
        if (topics.equals(Set.of(Topic.SCHEDULER))) {
            List<Measurement> measured = SchedulerSimulation.ofTrials(SIMULATED).measurements();
            print(measured, console);
            write(new Written(Version.code(), java(), null, 0, seconds, rounds, images, List.of(), measured));
            return ExitCode.OK;
        }
        try (SparkCluster cluster = SparkCluster.start("FocalDistill bench")) {
            FocalDistillConfig config = loaded.withPaths(cluster::everywhere);
            Configuration hadoop = cluster.hadoopConfiguration();
            DataSetIndex index = new ShardStore(hadoop, new Path(config.paths().data())).index();
            int train = Math.min(images, index.trainImages());
            int test = Math.min(500, index.testImages());
            DataRef ref = new DataRef(index.name(), index.hash(), index.generated(), train, 0, test);
            DataLocation data = DataLocation.of(config.paths().data(), index, train, test);
            try (TemporaryFolder folder =
                    new TemporaryFolder(hadoop, config.paths().root(), "bench")) {
                Computation computation =
                        cluster.computation(config.run().engine(), config.run().numerics());
                cluster.requireAble(Set.of(computation));
                BenchmarkTeachers teachers = new BenchmarkTeachers(cluster, data, folder.uri(), computation);
                Benchmark benchmark = new Benchmark(cluster, console, data, teachers, rounds, seconds);
                SweepBenchmark sweeps = new SweepBenchmark(cluster, ref, data, teachers, folder.uri(), rounds);
                measure(pairs, benchmark, sweeps, cluster.slots(), console);
            }
        }
        return ExitCode.OK;
    }

    private void requireAtLeastOne(String option, int value) {
        if (value < 1) {
            throw new ParameterException(spec.commandLine(), option + " must be at least 1, found " + value);
        }
    }

    private void requireWritable(java.nio.file.@Nullable Path file) {
        if (file == null) {
            return;
        }
        if (java.nio.file.Files.isDirectory(file)) {
            throw new ParameterException(spec.commandLine(), "--json " + file + " is a folder; name a file");
        }
        java.nio.file.Path parent = file.toAbsolutePath().getParent();
        if (!java.nio.file.Files.isWritable(parent)) {
            throw new ParameterException(
                    spec.commandLine(), "--json " + file + ": there is no folder " + parent + " that can be written");
        }
    }

    private List<Pair> pairs() {
        List<Pair> pairs = STUDY.stream()
                .filter(pair -> student == null || pair.student().equals(student))
                .filter(pair -> teacher == null || pair.teacher().equals(teacher))
                .toList();
        if (pairs.isEmpty()) {
            String known = STUDY.stream()
                    .map(pair -> pair.teacher() + " -> " + pair.student())
                    .collect(Collectors.joining(", "));
            throw new ParameterException(
                    spec.commandLine(), "No pair of the study fits --student and --teacher; they are " + known);
        }
        return pairs;
    }

    /** Each topic is printed and written when it is done: a later one may fail. */
    private void measure(List<Pair> pairs, Benchmark benchmark, SweepBenchmark sweeps, int slots, Console console)
            throws IOException {
        List<Measurement> measured = new ArrayList<>();
        String engine = benchmark.engine();
        for (Topic topic : new TreeSet<>(topics)) {
            List<Measurement> found = switch (topic) {
                case TRAINING ->
                    benchmark.training(
                            pairs.stream().map(Pair::student).distinct().toList());
                case TEACHERS ->
                    benchmark.teachers(
                            pairs.stream().map(Pair::teacher).distinct().toList());
                case DISTILLATION -> benchmark.distillation(pairs);
                case SWEEP -> sweeps.sweep(pairs.get(0));
                case DRIVER -> sweeps.driver(pairs.get(0), trials);
                case SCHEDULER -> SchedulerSimulation.ofTrials(SIMULATED).measurements();
                case MEMORY -> benchmark.memory(pairs.get(0).student());
            };
            print(found, console);
            measured.addAll(found);
            write(new Written(
                    Version.code(), java(), engine, slots, seconds, rounds, images, benchmark.warnings(), measured));
        }
    }

    /** Each measurement beside the first of the same kind. */
    private static void print(List<Measurement> measured, Console console) {
        console.line(String.format(
                Locale.ROOT, "%-12s %-27s %-25s %-18s  %5s", "topic", "what", "how", "   median", "ratio"));
        Map<String, Double> first = new LinkedHashMap<>();
        for (Measurement m : measured) {
            double base = first.computeIfAbsent(m.topic() + m.what() + m.unit(), unused -> m.median());
            console.line(String.format(
                    Locale.ROOT,
                    "%-12s %-27s %-25s %9.1f %-8s  %5.2f",
                    m.topic(),
                    m.what(),
                    m.how(),
                    m.median(),
                    m.unit(),
                    m.median() / base));
        }
    }

    private static String java() {
        return Runtime.version().toString();
    }

    /**
     * The JSON.
     *
     * @param engine what networks ran on; null for the topic scheduler alone, which runs none
     * @param slots of the cluster; 0 for the topic scheduler alone
     */
    private record Written(
            String version,
            String java,
            @Nullable String engine,
            int slots,
            int seconds,
            int rounds,
            int images,
            List<String> warnings,
            List<Measurement> measurements) {}

    private void write(Written content) throws IOException {
        if (json == null) {
            return;
        }
        ObjectMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        mapper.writeValue(json.toFile(), content);
    }
}
