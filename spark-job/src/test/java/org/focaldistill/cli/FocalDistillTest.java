package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.hadoop.hdfs.server.namenode.SafeModeException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.ipc.StandbyException;
import org.apache.spark.SparkException;
import org.focaldistill.store.TryAgainException;
import org.focaldistill.testing.FullDisk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class FocalDistillTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void withoutACommandSaysWhichThereAre() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("Usage: focaldistill", "Commands:", "config", "Exit codes:", "130");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void helpAndVersionSucceed() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("Usage: focaldistill", "Examples:");
        assertThat(run("config", "--help")).isZero();
        assertThat(out.toString()).contains("Usage: focaldistill config", "--set=PATH=VALUE", "conf/study.conf");
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).contains("FocalDistill ", "Java ");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void doctorSaysWhatNetworksRunOn(@TempDir Path folder) throws IOException, InterruptedException {
        assertThat(run("doctor")).isZero();
        assertThat(out.toString()).containsPattern("layers run on +onednn 2\\.[0-9.]+ \\(");

        Program other = Program.start(folder, Map.of(), List.of("focaldistill.kernels=nd4j"), "doctor");
        assertThat(other.exitCode()).as(other.output()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(other.output())
                .containsPattern("layers run on +nd4j operations")
                .containsPattern(
                        "speed +up to 37 times slower than with oneDNN.*focaldistill.kernels=nd4j rules oneDNN out");
    }

    @Test
    void badUsageNamesTheMistakeTheRemedyAndTheHelp() {
        assertThat(run("config", "--sett", "a=b")).isEqualTo(2);
        assertThat(err.toString())
                .contains("focaldistill config: Unknown option", "--sett", "--set", "Help: focaldistill config --help")
                .doesNotContain("\tat ");

        assertThat(run("confg")).isEqualTo(2);
        assertThat(err.toString()).contains("focaldistill: Unmatched argument", "Did you mean: focaldistill config?");
    }

    @ParameterizedTest
    @CsvSource({
        "train, focaldistill sweep or focaldistill teach",
        "Run, focaldistill sweep",
        "download, focaldistill prepare",
        "eval, focaldistill evaluate"
    })
    void a_word_of_other_programs_leads_to_the_command(String word, String commands) {
        assertThat(run(word, "--set", "a=b")).isEqualTo(2);
        assertThat(err.toString()).contains("Did you mean: " + commands + "?");
    }

    @Test
    void other_words_are_for_commands_that_there_are_and_none_is_one() {
        Set<String> commands =
                new CommandLine(new FocalDistill()).getSubcommands().keySet();
        assertThat(OtherWords.commands("train")).isNotEmpty();
        assertThat(commands)
                .contains("help")
                .allSatisfy(command -> assertThat(OtherWords.commands(command)).isEmpty());
        assertThat(OtherWords.COMMANDS).isSubsetOf(commands);
    }

    @Test
    void help_is_a_command_too() {
        assertThat(run("help")).isZero();
        assertThat(out.toString()).contains("Usage: focaldistill", "Commands:");
        assertThat(run("help", "sweep")).isZero();
        assertThat(out.toString()).contains("Usage: focaldistill sweep");
        assertThat(err.toString()).isEmpty();
        assertThat(run("help", "me")).isEqualTo(2);
        assertThat(err.toString()).contains("Unknown subcommand 'me'").doesNotContain("\tat ");
    }

    @Test
    void anOptionForSparkAfterTheCommandIsToldItsPlace() {
        assertThat(run("sweep", "--master", "local[1]")).isEqualTo(2);
        assertThat(err.toString())
                .contains("Options for Spark stand before the command: focaldistill --master URL sweep ...");
        assertThat(run("sweep", "--nonsense")).isEqualTo(2);
        assertThat(err.toString().split("before the command", -1)).hasSize(2);
    }

    @Test
    void configPrintsAllSettingsWithWhatTheyMean() {
        assertThat(run("config")).isZero();
        assertThat(out.toString()).contains("focaldistill {", "epochs=240", "# Passes over the training images.");
    }

    @Test
    void configPrintsAFileThatCanBeLoadedAgain(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("my.conf"), "focaldistill.recipe.epochs = 7");
        assertThat(run("config", "--no-comments", "-c", file.toString(), "--set", "sweep.alpha.count=3"))
                .isZero();
        String printed = out.toString();
        assertThat(printed)
                .startsWith("# set sweep.alpha.count = 3 (was 10)")
                .contains("epochs=7")
                .doesNotContain("# Passes");

        Path again = Files.writeString(folder.resolve("again.conf"), printed);
        out.getBuffer().setLength(0);
        assertThat(run("config", "--no-comments", "-c", again.toString())).isZero();
        assertThat(printed).endsWith(out.toString());
    }

    @Test
    void aBadConfigurationIsReportedWithAllItsProblemsAndNoStack(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.conf"), "focaldistill.recipe { epochs = 0, momentun = 1 }");
        assertThat(run("config", "-c", file.toString(), "--set", "run.slots=-1"))
                .isEqualTo(2);
        assertThat(err.toString())
                .startsWith("focaldistill config: The configuration has 3 problems:")
                .contains(
                        "recipe.epochs (" + file + ":1): must be a whole number from 1 to 100000, found 0",
                        "recipe.momentun (" + file + ":1): unknown key; did you mean 'momentum'?",
                        "run.slots (--set): must be a whole number of at least 0, found -1")
                .doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void loadingEchoesEveryOverride() {
        assertThat(execute(new Loading(), "--set", "sweep.alpha.count=3", "--set", "paths.root=there"))
                .isZero();
        assertThat(out.toString().lines())
                .containsExactly("set sweep.alpha.count = 3 (was 10)", "set paths.root = there (was output)");
    }

    @Test
    void whatTheUserCanMendEndsWith2AndItsMessageAlone() {
        assertThat(execute(new Failing(new NoSuchFileException("teachers/a")))).isEqualTo(2);
        assertThat(execute(new Failing(new UncheckedIOException(new FileNotFoundException("shards")))))
                .isEqualTo(2);
        assertThat(execute(new Failing(new IOException("The archive is cut short"))))
                .isEqualTo(2);
        assertThat(execute(new Failing(new IOException("The archive is cut short", new EOFException()))))
                .isEqualTo(2);
        assertThat(execute(new Failing(new EOFException()))).isEqualTo(2);
        assertThat(execute(new Failing(new IOException("Mkdirs failed to create file:/a"))))
                .isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "failing: no such file: teachers/a",
                        "failing: no such file: shards",
                        "failing: The archive is cut short",
                        "failing: The archive is cut short",
                        "failing: it ends too early",
                        "failing: cannot make the folder file:/a: it is not allowed to write there, or a file is in its"
                                + " way");
    }

    @Test
    void the_stack_that_a_server_puts_into_its_message_is_left_out() {
        IOException ofServer = new IOException("Cannot delete /a. Name node is in safe mode.\nIt will be turned off.\n"
                + "\tat org.apache.hadoop.hdfs.Server.call(Server.java:1)\n\tat java.lang.Thread.run(Thread.java:1)\n");
        assertThat(execute(new Failing(ofServer))).isEqualTo(2);
        assertThat(err.toString())
                .isEqualToNormalizingNewlines(
                        "failing: Cannot delete /a. Name node is in safe mode.\nIt will be turned off.\n");
    }

    @Test
    void a_server_that_is_away_or_not_ready_may_be_back_later() {
        IOException refused = new IOException("Cannot reach paths.results", new ConnectException("Connection refused"));
        for (IOException outage : List.of(
                refused,
                new IOException("Cannot write", new RemoteException(SafeModeException.class.getName(), "in safe mode")),
                new RemoteException(StandbyException.class.getName(), "READ is not supported in state standby"),
                new IOException("Cannot train the teacher a", new SparkException(inATask(refused))),
                new IOException("Cannot train", new SparkException(inATask(new TryAgainException("taken over")))))) {
            assertThat(execute(new Failing(outage))).as(outage.toString()).isEqualTo(ExitCode.TRY_AGAIN);
        }
    }

    /** What Spark's driver has of it. */
    private static String inATask(Throwable error) {
        StringWriter stack = new StringWriter();
        error.printStackTrace(new PrintWriter(stack));
        return "Job aborted due to stage failure: Task 0 in stage 1.0 failed 1 times, most recent failure: Lost task 0.0 in"
                + " stage 1.0 (TID 1) (10.0.0.1 executor 0): " + stack + "\nDriver stacktrace:";
    }

    @Test
    void a_cluster_that_ended_sparks_application_is_no_error_of_ours() {
        for (String words : List.of(
                "Job 39 cancelled because SparkContext was shut down",
                "Cannot call methods on a stopped SparkContext.\nThis stopped SparkContext was created at:")) {
            assertThat(execute(new Failing(new IllegalStateException(words)))).isEqualTo(ExitCode.TRY_AGAIN);
        }
        assertThat(err.toString())
                .contains("failing: The cluster has ended Spark's application before its work was done")
                .contains("Give the same command again")
                .doesNotContain("\tat ");
    }

    @Test
    void anInternalErrorEndsWith3AStackAndARequestToReportIt() {
        assertThat(execute(new Failing(new IllegalStateException("impossible"))))
                .isEqualTo(3);
        assertThat(err.toString())
                .contains("IllegalStateException: impossible", "\tat ", "Please report it", "failing --version");
    }

    @Test
    void aJavaErrorIsInternalToo() {
        assertThat(execute(new Broken(() -> {
                    throw new StackOverflowError();
                })))
                .isEqualTo(3);
        assertThat(err.toString()).contains("StackOverflowError", "Please report it");
    }

    @Test
    void tooLittleMemoryIsNoErrorOfOurs() {
        assertThat(execute(new Broken(() -> {
                    throw new OutOfMemoryError("Java heap space");
                })))
                .isEqualTo(2);
        assertThat(err.toString()).startsWith("broken: Java's memory, ").contains("FOCALDISTILL_MEMORY=8g");
    }

    @Test
    void aFullDiskIsTheUsersWhereverItIsMet() {
        IOException full = new IOException("No space left on device");
        assertThat(execute(new Failing(new IllegalStateException("Job aborted", full))))
                .isEqualTo(2);
        assertThat(execute(new Broken(FullDisk::write))).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "failing: no space left on the disk: free some, then run the same command; what is finished is kept",
                        "broken: no space left on the disk: free some, then run the same command; what is finished is kept");
    }

    @Test
    void anInterruptEndsWith130() {
        assertThat(execute(new Failing(new InterruptedException()))).isEqualTo(130);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(err.toString()).isEqualToIgnoringNewLines("failing: interrupted");
    }

    @Test
    void an_argument_of_letters_that_the_locale_does_not_have_is_refused(@TempDir Path folder) throws Exception {
        Program program =
                Program.start(folder, Map.of("LC_ALL", "C"), List.of(), "config", "--set", "paths.root=gr\u00fcn");
        assertThat(program.exitCode()).as(program.output()).isEqualTo(2);
        assertThat(program.output())
                .contains("focaldistill: 'paths.root=gr", "letters that the locale does not have", "LC_ALL=C.UTF-8");
    }

    private int run(String... arguments) {
        return FocalDistill.run(new PrintWriter(out), new PrintWriter(err), arguments);
    }

    private int execute(Object command, String... arguments) {
        return FocalDistill.execute(new CommandLine(command), new PrintWriter(out), new PrintWriter(err), arguments);
    }

    @Command(name = "failing")
    private static final class Failing implements Callable<Integer> {
        private final Exception exception;

        Failing(Exception exception) {
            this.exception = exception;
        }

        @Override
        public Integer call() throws Exception {
            throw exception;
        }
    }

    private interface Fault {
        void happen() throws IOException;
    }

    @Command(name = "broken")
    private static final class Broken implements Callable<Integer> {
        private final Fault fault;

        Broken(Fault fault) {
            this.fault = fault;
        }

        @Override
        public Integer call() throws Exception {
            fault.happen();
            return 0;
        }
    }

    @Command(name = "loading")
    private static final class Loading implements Runnable {
        @Mixin
        private ConfigOptions configuration = new ConfigOptions();

        @Override
        public void run() {
            assertThat(configuration.load().sweep().grid().alpha().values()).hasSize(3);
        }
    }
}
