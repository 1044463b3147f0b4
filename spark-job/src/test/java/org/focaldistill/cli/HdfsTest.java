package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.testing.Hdfs;
import org.focaldistill.testing.ImageFiles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything on HDFS: a name node, a data node and the program, each in a process of its own. */
@Tag("slow")
class HdfsTest {
    private static final FaultTable TABLE = new FaultTable();

    @TempDir
    private static java.nio.file.Path local;

    private static Hdfs hdfs;
    private static DistributedFileSystem files;
    private static SweepFolder common;
    private static Map<String, TrialOutcome> undisturbed;

    @BeforeAll
    static void prepare_teach_and_sweep() throws Exception {
        hdfs = new Hdfs(Files.createDirectories(local.resolve("hdfs")));
        files = hdfs.fileSystem();
        common = new SweepFolder(new Path(hdfs.url(), "/undisturbed"));
        assertThat(Program.run(local, "generate", "images", "-c", config(common)))
                .isZero();
        assertEndsWell(run(common, "prepare", "--from", "images"));
        assertEndsWell(run(common, "teach", "small"));
        assertEndsWell(run(common, "sweep"));
        undisturbed = common.rows();
    }

    @AfterAll
    static void stop() {
        System.out.println(TABLE);
        if (hdfs != null) {
            hdfs.close();
        }
    }

    @Test
    void shards_teacher_bank_checkpoints_results_and_report_are_on_hdfs() throws Exception {
        common.assertExactlyThePlansRows();
        assertThat(undisturbed).hasSize(4);
        assertThat(undisturbed.values())
                .allSatisfy(row -> assertThat(row.studentUri()).startsWith(hdfs.url() + "/undisturbed/results/"));
        for (String there : List.of("data/_index.json", "teachers/small.safetensors", "bank", "results/epochs")) {
            assertThat(files.exists(new Path(common.root(), there))).as(there).isTrue();
        }
        assertThat(common.checkpoints()).isEmpty();

        Program report = run(common, "report");
        assertEndsWell(report);
        assertThat(report.output()).contains("The page: " + hdfs.url() + "/undisturbed/results/report/report.html; ");
        Program sql = run(common, "sql", "--tabs", "SELECT count(*) FROM trials JOIN plan USING (trial_id)");
        assertEndsWell(sql);
        assertThat(sql.output()).contains("4");
        String student = undisturbed.values().iterator().next().studentUri();
        assertEndsWell(Program.start(local, "evaluate", student, "-c", config(common)));
    }

    @Test
    void images_of_one_s_own_are_read_from_hdfs() throws Exception {
        java.nio.file.Path colours = local.resolve("colours");
        ImageFiles.writeClasses(colours, 3, 32, 32);
        files.copyFromLocalFile(new Path(colours.toUri()), new Path("/colours"));
        Program prepare = Program.start(
                local,
                "prepare",
                "--from",
                hdfs.url() + "/colours",
                "--set",
                "data.format=folder",
                "--set",
                "paths.data=" + hdfs.url() + "/colours-prepared");
        assertEndsWell(prepare);
        assertThat(prepare.output()).contains("colours: 6 training and 3 test images of 3 classes");
    }

    @Test
    void a_name_node_that_is_killed_and_comes_back_is_waited_for() throws Exception {
        SweepFolder folder = newFolder("restart");
        Program sweep = start(folder, "sweep", "--set", "recipe.epochs=4");
        sweep.awaitSight(() -> !folder.checkpoints().isEmpty(), "checkpoint");
        hdfs.killNameNode();
        Thread.sleep(3000);
        hdfs.restartNameNode();
        assertEndsWell(sweep);
        folder.assertExactlyThePlansRows();
        assertThat(folder.attempts())
                .hasSize(4)
                .allSatisfy(row -> assertThat(row.end()).isEqualTo(AttemptRow.End.OK));
        TABLE.add("`kill -9` of the name node, back after 3 s", "the sweep waits and goes on", folder);
    }

    @Test
    void a_full_quota_fails_what_is_open_keeps_what_is_finished_and_the_next_run_does_the_rest() throws Exception {
        SweepFolder folder = newFolder("full");
        assertEndsWell(run(folder, "sweep", "--set", "sweep.gamma=[0]"));
        Map<String, TrialOutcome> finished = folder.rows();
        assertThat(finished).hasSize(2);

        Program sweep = start(folder, "sweep", "--set", "run.attempts=1");
        sweep.awaitSight(() -> !folder.checkpoints().isEmpty(), "checkpoint");
        Path results = new Path(folder.root(), "results");
        // Less than is there: what files being written hold would be room when they are closed.
        files.setQuota(results, HdfsConstants.QUOTA_DONT_SET, 1);
        assertThat(sweep.exitCode()).as(sweep.output()).isEqualTo(1);
        assertThat(sweep.output()).contains("DiskSpace quota of /full/results is exceeded");
        assertThat(folder.rows()).containsAllEntriesOf(finished).hasSizeLessThan(4);

        Program atOnce = run(folder, "sweep");
        assertThat(atOnce.exitCode()).isEqualTo(2);
        assertThat(atOnce.output())
                .contains("Cannot write to paths.results = " + hdfs.url() + "/full/results: ")
                .contains("quota");

        files.setQuota(results, HdfsConstants.QUOTA_RESET, HdfsConstants.QUOTA_RESET);
        assertEndsWell(run(folder, "sweep"));
        folder.assertExactlyThePlansRows();
        folder.assertSameNumbersAs(undisturbed);
        TABLE.add(
                "full (HDFS quota of the results, in mid-sweep)",
                "open trials fail with the reason; with room again they are trained, same numbers",
                folder);
    }

    @Test
    void what_can_not_be_written_is_said_before_anything_is_trained() throws Exception {
        SweepFolder folder = newFolder("mine");
        files.mkdirs(folder.root(), new FsPermission((short) 0755));
        Program stranger = start(folder, Map.of("HADOOP_USER_NAME", "stranger"), "sweep");
        assertThat(stranger.exitCode()).isEqualTo(2);
        assertThat(stranger.output())
                .contains("Cannot write to paths.results = " + folder.root() + "/results: Permission denied:")
                .contains("user=stranger, access=WRITE, inode=\"/mine\"")
                .doesNotContain("\tat ");
        assertThat(files.listStatus(folder.root())).isEmpty();
        TABLE.add("no permission to write", "refused at the start: user, folder and its owner", common);
    }

    @Test
    void a_read_only_name_node_is_said_at_once() throws Exception {
        SweepFolder folder = newFolder("safe");
        files.setSafeMode(HdfsConstants.SafeModeAction.SAFEMODE_ENTER);
        try {
            Program sweep = start(folder, "sweep");
            assertThat(sweep.exitCode()).isEqualTo(ExitCode.TRY_AGAIN);
            assertThat(sweep.output())
                    .contains("Cannot write to paths.results = " + folder.root() + "/results: ")
                    .contains("Name node is in safe mode")
                    .doesNotContain("\tat ");
        } finally {
            files.setSafeMode(HdfsConstants.SafeModeAction.SAFEMODE_LEAVE);
        }
        common.assertExactlyThePlansRows();
        common.assertSameNumbersAs(undisturbed);
    }

    @Test
    void a_folder_without_images_an_address_without_name_node_and_an_object_store_are_told_apart() throws Exception {
        Program missing = run(common, "sweep", "--set", "paths.data=" + hdfs.url() + "/nothing");
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.output()).contains("There is no prepared data set in " + hdfs.url() + "/nothing");

        Program silent = run(common, "sweep", "--set", "paths.results=hdfs://localhost:1/results");
        assertThat(silent.exitCode()).isEqualTo(ExitCode.TRY_AGAIN);
        assertThat(silent.output())
                .contains("Cannot reach paths.results = hdfs://localhost:1/results: ")
                .contains("Connection refused");

        Program store = run(common, "sweep", "--set", "paths.results=s3a://bucket/results");
        assertThat(store.exitCode()).isEqualTo(2);
        assertThat(store.output())
                .contains("paths.results = s3a://bucket/results: a file system of the kind s3a: is not supported");
    }

    private static SweepFolder newFolder(String name) {
        return new SweepFolder(new Path(hdfs.url(), "/" + name));
    }

    private static String config(SweepFolder folder) throws IOException {
        java.nio.file.Path file = local.resolve(folder.root().getName() + ".conf");
        Files.writeString(
                file,
                SmallSweep.configIn(
                        folder.root(),
                        common.root(),
                        "teacher.train = false",
                        "sweep.alpha = [0, 0.1]",
                        "recipe.epochs = 2",
                        "run.checkpointEpochs = 1"),
                StandardCharsets.UTF_8);
        return file.toString();
    }

    private static Program start(SweepFolder folder, String... arguments) throws IOException {
        return start(folder, Map.of(), arguments);
    }

    private static Program start(SweepFolder folder, Map<String, String> environment, String... arguments)
            throws IOException {
        String[] all = Stream.concat(Stream.of(arguments), Stream.of("-c", config(folder)))
                .toArray(String[]::new);
        return Program.start(local, environment, List.of("spark.master=local[2]"), all);
    }

    /** Runs it to its end. */
    private static Program run(SweepFolder folder, String... arguments) throws IOException, InterruptedException {
        Program program = start(folder, arguments);
        int unused = program.exitCode();
        return program;
    }

    private static void assertEndsWell(Program program) throws IOException, InterruptedException {
        assertThat(program.exitCode()).as(program.output()).isZero();
    }
}
