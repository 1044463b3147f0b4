package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.testing.Hdfs;
import org.focaldistill.testing.PackagedProject;
import org.focaldistill.testing.Server;
import org.focaldistill.testing.YarnCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps through yarn.sh on YARN's own servers and HDFS, each in a process of its own. */
@Tag("slow")
class YarnTest {
    private static final FaultTable TABLE = new FaultTable();

    @TempDir
    private static Path local;

    private static PackagedProject project;
    private static Hdfs hdfs;
    private static YarnCluster yarn;
    private static Server node;
    private static SweepFolder common;
    private static Map<String, TrialOutcome> undisturbed;

    private final List<Program> started = new ArrayList<>();
    private final List<ProcessHandle> standing = new ArrayList<>();

    @BeforeAll
    static void start_yarn_and_sweep_without_it() throws Exception {
        project = new PackagedProject(local.resolve("project"));
        hdfs = new Hdfs(Files.createDirectories(local.resolve("hdfs")));
        yarn = new YarnCluster(Files.createDirectories(local.resolve("yarn")), hdfs.url());
        node = yarn.nodeManager("node", 2);
        common = folder("undisturbed");
        for (String[] command : List.of(
                new String[] {"generate", "images"}, new String[] {"prepare", "--from", "images"}, new String[] {"sweep"
                })) {
            Program program = Program.start(
                    local,
                    Stream.concat(Arrays.stream(command), Stream.of("-c", config(common)))
                            .toArray(String[]::new));
            assertThat(program.exitCode()).as(program.output()).isZero();
        }
        undisturbed = common.rows();
    }

    @AfterAll
    static void stop() {
        System.out.println(TABLE);
        for (AutoCloseable opened : Arrays.asList(node, yarn, hdfs, project)) {
            if (opened != null) {
                close(opened);
            }
        }
    }

    private static void close(AutoCloseable opened) {
        try {
            opened.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void leaveNothingRunning() throws InterruptedException {
        standing.forEach(ProcessHandle::destroyForcibly);
        for (Program program : started) {
            program.kill();
        }
    }

    @Test
    void a_lost_node_and_a_lost_application_master_cost_epochs_and_one_too_many_ends_in_a_sentence() throws Exception {
        SweepFolder folder = folder("killed");
        Program sweep = yarnSh(folder, "--executors", "2");
        sweep.awaitSight(() -> masters().size() == 1, "application master");
        // The first node has room for one executor beside it, so that the second executor waits for this one.
        Server other = yarn.nodeManager("other", 1);
        sweep.awaitSight(() -> trialsWithCheckpoint(folder) == 2, "checkpoint of both trials");

        // A machine that is gone says nothing, so its executor stands still; the other's trial must not end meanwhile.
        List<ProcessHandle> lost = executors(other);
        List<ProcessHandle> left = executors(node);
        assertThat(lost).hasSize(1);
        assertThat(left).hasSize(1);
        standing.addAll(lost);
        FaultyCluster.signal("STOP", lost);
        FaultyCluster.signal("STOP", left);
        other.kill();
        sweep.awaitSight(() -> sweep.output().contains("Container released on a *lost* node"), "word of the lost node");
        int reached = epochsSaved(folder);

        FaultyCluster.signal("KILL", masters());
        // Back after all, it finds that nobody waits for what it does.
        FaultyCluster.signal("CONT", lost);
        sweep.awaitSight(
                () -> epochsSaved(folder) > reached && !left.containsAll(executors(node)),
                "checkpoint under another application master");

        FaultyCluster.signal("KILL", masters());
        assertThat(sweep.exitCode()).as(sweep.output()).isEqualTo(ExitCode.TRY_AGAIN);
        assertThat(sweep.output())
                .contains("focaldistill sweep: The cluster has ended Spark's application before its work was done")
                .contains("of 2 trials have a result; the same command goes on with the others")
                .doesNotContain("\tat ", "FAILED alpha");
        assertThat(folder.rows()).hasSizeLessThan(2);
        assertThat(yarn.log()).contains("failed 2 times");

        Program again = yarnSh(folder, "--executors", "1");
        assertThat(again.exitCode()).as(again.output()).isZero();
        folder.assertExactlyThePlansRows();
        folder.assertSameNumbersAs(undisturbed);
        assertThat(folder.attempts())
                .extracting(AttemptRow::end)
                // Where YARN says that a container was lost with its node or its master, Spark itself starts the leg
                // again.
                .isSubsetOf(AttemptRow.End.LOST, AttemptRow.End.STOPPED, AttemptRow.End.OK);
        assertThat(folder.checkpoints()).isEmpty();
        TABLE.add(
                "on YARN `kill -9` of one of two NodeManagers, whose executor hangs, then of the application master",
                "the trials go on from their last checkpoints when YARN has missed the node and started another master",
                folder);
        TABLE.add(
                "in the same sweep `kill -9` of that master too, and the same command again",
                "YARN ends the application, the sweep ends with 75 and says so; unfinished trials go on, same numbers",
                folder);
    }

    @Test
    void with_gpus_yarn_is_asked_for_its_own_and_an_executor_that_finds_none_says_why() throws Exception {
        Program sweep =
                yarnSh(folder("gpu"), "--gpu", "--executors", "1", "--conf", "spark.executorEnv.CUDA_VISIBLE_DEVICES=");
        assertThat(sweep.exitCode()).as(sweep.output()).isEqualTo(2);
        assertThat(sweep.output())
                .containsPattern("focaldistill sweep: Executor 1 on \\S+: (there is no nvidia-smi on .*: is the NVIDIA"
                        + " driver installed\\?|CUDA_VISIBLE_DEVICES is set and empty, which hides all GPUs of )")
                .doesNotContain("\tat ");
        assertThat(yarn.log()).containsPattern("of capacity <memory:\\d+, vCores:1, yarn.io/gpu: 1>");
    }

    /** As a user's shell starts it; the libraries are on every machine. */
    private Program yarnSh(SweepFolder folder, String... options) throws IOException {
        Map<String, String> environment = Map.of(
                "HADOOP_CONF_DIR", yarn.conf().toString(),
                "FOCALDISTILL_ON_WORKERS", project.target().toString(),
                "FOCALDISTILL_MEMORY", "1g",
                "CIFAR100_DIR", local.resolve("images").toString(),
                "SPARK_LOCAL_IP", "127.0.0.1");
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--conf", "spark.executor.memory=512m", "-c", config(folder)));
        arguments.addAll(List.of("--conf", "spark.executor.memoryOverhead=1g"));
        Program program =
                Program.script(local, environment, project.script("yarn.sh"), arguments.toArray(String[]::new));
        started.add(program);
        return program;
    }

    private static List<ProcessHandle> masters() throws IOException {
        return containers(node, "ExecutorLauncher");
    }

    private static List<ProcessHandle> executors(Server ofNode) throws IOException {
        return containers(ofNode, "YarnCoarseGrainedExecutorBackend");
    }

    /** The Java processes of a node manager's containers. */
    private static List<ProcessHandle> containers(Server ofNode, String program) throws IOException {
        List<ProcessHandle> found = new ArrayList<>();
        for (ProcessHandle process : ofNode.process().descendants().toList()) {
            String command = commandLine(process);
            if (command.split("\0", 2)[0].endsWith("/java") && command.contains(program)) {
                found.add(process);
            }
        }
        return found;
    }

    /** Empty for a process that ended meanwhile. */
    private static String commandLine(ProcessHandle process) throws IOException {
        Path file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            if (process.isAlive()) {
                throw e;
            }
            return "";
        }
    }

    private static long trialsWithCheckpoint(SweepFolder folder) throws IOException {
        return folder.checkpoints().stream()
                .map(org.apache.hadoop.fs.Path::getParent)
                .distinct()
                .count();
    }

    /** The newest checkpoints' of all trials together. */
    private static int epochsSaved(SweepFolder folder) throws IOException {
        return folder.checkpoints().stream()
                .mapToInt(file -> Integer.parseInt(file.getName().replaceAll("\\D", "")))
                .sum();
    }

    private static SweepFolder folder(String name) {
        return new SweepFolder(new org.apache.hadoop.fs.Path(hdfs.url(), "/" + name));
    }

    private static String config(SweepFolder folder) throws IOException {
        Path file = local.resolve(folder.root().getName() + ".conf");
        Files.writeString(
                file,
                SmallSweep.configIn(folder.root(), common.root(), "run.checkpointEpochs = 1"),
                StandardCharsets.UTF_8);
        return file.toString();
    }
}
