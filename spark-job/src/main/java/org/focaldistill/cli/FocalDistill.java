package org.focaldistill.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.focaldistill.loss.DistillationForm;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.store.ProcessUser;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The program {@code focaldistill}. Each subcommand is a class of this package: a {@code Callable<Integer>} that takes
 * its settings from {@link ConfigOptions}, calls one service, prints to its command line's writers and returns an {@link
 * ExitCode}. It lets exceptions pass; {@link Failures} turns them into messages and exit codes.
 */
@Command(
        name = "focaldistill",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            PrepareCommand.class,
            GenerateCommand.class,
            TeachCommand.class,
            SweepCommand.class,
            StatusCommand.class,
            ShowCommand.class,
            RerunCommand.class,
            ReportCommand.class,
            PackCommand.class,
            ImportCommand.class,
            ExportCommand.class,
            EvaluateCommand.class,
            ModelsCommand.class,
            SqlCommand.class,
            ConfigCommand.class,
            DoctorCommand.class,
            BenchCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        headerHeading = "%n",
        header = "Sweeps over the weights of a distillation loss, on Apache Spark.",
        descriptionHeading = "%n",
        description = {
            "A small network, the student, learns from a trained one, the teacher. How much it listens to the teacher"
                    + " (alpha), to the labels (beta) and to a focal term (gamma) is yours to choose: FocalDistill trains"
                    + " a student for every combination you ask for and tells what the weights did to loss, accuracy"
                    + " and calibration, and whether it is more than noise.",
            "",
            "What to train stands in a configuration file; conf/smoke.conf is a small one to begin with."
        },
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:done; every trial has a result",
            "  1:done, but some trials failed",
            "  2:bad usage or input: the message says what to change",
            "  3:an error inside FocalDistill",
            " 75:not now: another driver, the cluster or an outage is in the way; the same command may succeed later",
            "130:interrupted, after saving what was finished"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  A small sweep, from the archive to the report:",
            "    focaldistill prepare -c conf/smoke.conf --from cifar-100-binary",
            "    focaldistill sweep -c conf/smoke.conf",
            "    focaldistill report -c conf/smoke.conf",
            "  All settings, with what they mean:",
            "    focaldistill config",
            "",
            "Before the command, for Spark: --master URL, --conf KEY=VALUE, --properties-file FILE;",
            "--jar FILE --class NAME runs a program of yours."
        })
public final class FocalDistill implements Callable<Integer> {
    /** What Java has for bytes of an argument that are no letter in the locale's encoding. */
    private static final char NO_LETTER = '\uFFFD';

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** Runs the program and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // What libraries write reads as the rest does.
        Locale.setDefault(Locale.ROOT);
        ProcessUser.ensureKnown();
        PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
        System.exit(
                StandardOutput.with(new FileOutputStream(FileDescriptor.out), err, out -> run(out, err, arguments)));
    }

    /** Runs the program and returns its exit code; see {@link ExitCode}. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return execute(new CommandLine(new FocalDistill()), out, err, arguments);
    }

    /** Runs a command as the program does. */
    static int execute(CommandLine command, PrintWriter out, PrintWriter err, String... arguments) {
        Failures failures = new Failures();
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.registerConverter(KlDirection.class, new WordConverter<>(KlDirection.class));
        command.registerConverter(DistillationForm.class, new WordConverter<>(DistillationForm.class));
        command.registerConverter(FocalForm.class, new WordConverter<>(FocalForm.class));
        command.setOut(out).setErr(err).setParameterExceptionHandler(failures).setExecutionExceptionHandler(failures);
        Optional<String> unreadable = Arrays.stream(arguments)
                .filter(argument -> argument.indexOf(NO_LETTER) >= 0)
                .findFirst();
        if (unreadable.isPresent()) {
            String encoding = System.getProperty("sun.jnu.encoding");
            err.println(command.getCommandName() + ": '" + unreadable.get() + "' has letters that the locale does not"
                    + " have, its encoding is " + encoding
                    + (encoding.equals("UTF-8") ? ": rename what is named otherwise" : ": set LC_ALL=C.UTF-8"));
            err.flush();
            return ExitCode.BAD_INPUT;
        }
        try {
            return command.execute(arguments);
        } catch (Error e) {
            // Picocli lets these pass, and the JVM would end with 1, which is the code of failed trials.
            return failures.error(e, command);
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** Without a subcommand there is nothing to do but to say which ones there are. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.BAD_INPUT;
    }
}
