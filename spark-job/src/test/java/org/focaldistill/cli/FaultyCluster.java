package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.testing.Server;
import org.focaldistill.testing.StandaloneCluster;

/** A standalone cluster of real processes, an undisturbed sweep on it, and what it takes to disturb others. */
final class FaultyCluster implements AutoCloseable {
    private final Path shared;
    private final StandaloneCluster cluster;
    private final Server worker;
    private final Path common;
    private Map<String, TrialOutcome> undisturbed = Map.of();

    FaultyCluster(Path shared) throws Exception {
        this.shared = shared;
        cluster = new StandaloneCluster(Files.createDirectories(shared.resolve("cluster")));
        worker = cluster.worker("worker");
        common = newFolder("undisturbed");
    }

    /** Prepares what all sweeps read, and runs the one to compare with. */
    void sweepUndisturbed() throws Exception {
        assertThat(Program.run(common, "generate", "images", "-c", config(common)))
                .isZero();
        assertThat(Program.run(common, "prepare", "-c", config(common), "--from", "images"))
                .isZero();
        finish(start(common));
        undisturbed = SweepFolder.of(common).rows();
        assertThat(undisturbed).hasSize(3);
    }

    @Override
    public void close() {
        worker.close();
        cluster.close();
    }

    Server worker() {
        return worker;
    }

    Server addWorker(String name) throws Exception {
        return cluster.worker(name);
    }

    /** Ends the application of the program that was started last. */
    void killApplication() throws IOException, InterruptedException {
        cluster.killApplication(cluster.lastApplication());
    }

    /** A worker whose executors can not use oneDNN. */
    Server addSlowWorker(String name) throws Exception {
        return cluster.worker(name, Map.of("JAVA_TOOL_OPTIONS", "-Dfocaldistill.kernels=nd4j"));
    }

    /** The undisturbed sweep's folder, with the images and teachers of all. */
    Path common() {
        return common;
    }

    /** The undisturbed sweep's rows, by trial. */
    Map<String, TrialOutcome> undisturbed() {
        return undisturbed;
    }

    void sameAsUndisturbed(Path folder) throws IOException {
        SweepFolder found = SweepFolder.of(folder);
        found.assertExactlyThePlansRows();
        found.assertSameNumbersAs(undisturbed);
        assertThat(found.checkpoints()).isEmpty();
    }

    Path newFolder(String name) throws IOException {
        return Files.createDirectories(shared.resolve(name));
    }

    /** Two trials side by side, and a third that diverges at once. */
    String config(Path folder) throws IOException {
        Path file = folder.resolve("sweep.conf");
        Files.writeString(
                file, SmallSweep.configIn(folder, common, "sweep.gamma = [0, 1, 1e30]"), StandardCharsets.UTF_8);
        return file.toString();
    }

    /** Starts a sweep whose two executors, of a core each, are on the cluster. */
    Program start(Path folder, String... options) throws IOException {
        return start(folder, List.of("spark.cores.max=2"), options);
    }

    /** Starts one whose executors are as many as the cluster has cores, now and later. */
    Program startOnAllCores(Path folder, String... options) throws IOException {
        return start(folder, List.of(), options);
    }

    /** Starts one with one executor, where Spark starts others as long as there is work for them. */
    Program startGrowing(Path folder, int most, String... options) throws IOException {
        return start(
                folder,
                List.of(
                        "spark.dynamicAllocation.enabled=true",
                        "spark.dynamicAllocation.maxExecutors=" + most,
                        "spark.dynamicAllocation.executorIdleTimeout=2s"),
                options);
    }

    private Program start(Path folder, List<String> more, String... options) throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                "spark.master=" + cluster.url(),
                "spark.driver.host=127.0.0.1",
                "spark.executor.memory=512m",
                "spark.executor.cores=1",
                "spark.executor.extraClassPath=" + System.getProperty("java.class.path")));
        settings.addAll(more);
        String[] arguments = Stream.concat(Stream.of("sweep", "-c", config(folder)), Stream.of(options))
                .toArray(String[]::new);
        return Program.start(folder, Map.of("SPARK_LOCAL_IP", "127.0.0.1"), settings, arguments);
    }

    static void finish(Program sweep) throws IOException, InterruptedException {
        assertThat(sweep.exitCode()).as(sweep.output()).isZero();
    }

    static void awaitCheckpointsOfTwo(Program sweep, Path folder) throws IOException, InterruptedException {
        sweep.awaitSight(() -> newestEpochs(folder).size() == 2, "checkpoint of both trials");
    }

    static Map<String, Integer> newestEpochs(Path folder) throws IOException {
        Map<String, Integer> newest = new HashMap<>();
        checkpointsByTrial(folder)
                .forEach((trial, files) -> newest.put(
                        trial,
                        Integer.valueOf(files.get(files.size() - 1)
                                .getFileName()
                                .toString()
                                .replaceAll("\\D", ""))));
        return newest;
    }

    /** Each trial's, the newest last. */
    static Map<String, List<Path>> checkpointsByTrial(Path folder) throws IOException {
        Map<String, List<Path>> files = new HashMap<>();
        SweepFolder.of(folder).checkpoints().stream()
                .map(file -> Path.of(file.toUri().getPath()))
                .sorted()
                .forEach(file -> files.computeIfAbsent(
                                file.getParent().getFileName().toString(), trial -> new ArrayList<>())
                        .add(file));
        return files;
    }

    static List<ProcessHandle> executors(Server ofWorker) {
        return ofWorker.process()
                .toHandle()
                .children()
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    static void signal(String name, List<ProcessHandle> processes) throws IOException, InterruptedException {
        for (ProcessHandle process : processes) {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(code).isZero();
        }
    }

    /** They end by themselves when their driver is gone. */
    void awaitNoExecutors() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!executors(worker).isEmpty()) {
            assertThat(System.nanoTime()).as("executors have ended").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    /** What its executors printed. */
    static String logsOf(Server ofWorker) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(ofWorker.log().resolveSibling("worker"))) {
            for (Path file : files.filter(file -> file.endsWith("stderr")).toList()) {
                text.append(Files.readString(file, StandardCharsets.UTF_8));
            }
        }
        return text.toString();
    }

    /** Puts the undisturbed sweep's results there, except the commit of one trial, which is returned. */
    String allButOneFinished(Path folder, TrialStatus ofStatus) throws IOException {
        String open = undisturbed.values().stream()
                .filter(row -> row.status() == ofStatus)
                .map(row -> row.trial().id())
                .min(Comparator.naturalOrder())
                .orElseThrow();
        copy(common.resolve("results"), folder.resolve("results"));
        Files.delete(folder.resolve("results/trials/" + open + ".parquet"));
        delete(folder.resolve("results/attempts"));
        return open;
    }

    static Path aShard(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("data"))) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    static void flipAByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - bytes.length / 3] ^= 1;
        Files.write(file, bytes);
    }

    static byte[] halfOf(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
