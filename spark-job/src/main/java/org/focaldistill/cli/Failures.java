package org.focaldistill.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.util.ShutdownHookManager;
import org.focaldistill.config.ConfigException;
import org.focaldistill.nn.backend.NativeFolder;
import org.focaldistill.spark.cluster.EndedApplication;
import org.focaldistill.store.DiskException;
import org.focaldistill.store.Outage;
import org.focaldistill.store.TryAgainException;
import org.focaldistill.text.Causes;
import org.focaldistill.text.Secrets;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Ends every command that does not return: a message for what the user can mend, a stack trace for what we have to. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    /** Exceptions whose message alone tells the user what to do. */
    private static final List<Class<? extends Exception>> OF_INPUT =
            List.of(ConfigException.class, IOException.class, UncheckedIOException.class);

    /** What Hadoop says of a folder on a local disk, whatever the reason. */
    private static final String NO_FOLDER = "Mkdirs failed to create ";

    /** The options of the script. */
    private static final Set<String> BEFORE_THE_COMMAND =
            Set.of("--master", "--conf", "--properties-file", "--jar", "--class");

    @Override
    public int handleParseException(ParameterException exception, String[] arguments) {
        CommandLine command = exception.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        PrintWriter err = command.getErr();
        err.println(name + ": " + exception.getMessage());
        if (exception instanceof UnmatchedArgumentException unmatched
                && unmatched.getUnmatched().stream().anyMatch(BEFORE_THE_COMMAND::contains)) {
            err.println("Options for Spark stand before the command: "
                    + command.getCommandSpec().root().name() + " --master URL "
                    + command.getCommandSpec().name() + " ...");
        }
        List<String> meant = meant(exception);
        if (meant.isEmpty()) {
            UnmatchedArgumentException.printSuggestions(exception, err);
        } else {
            err.println("Did you mean: " + name + " " + String.join(" or " + name + " ", meant) + "?");
        }
        err.println("Help: " + name + " --help");
        return ExitCode.BAD_INPUT;
    }

    /** The commands that an unknown one is another word for. */
    private static List<String> meant(ParameterException exception) {
        boolean command = exception.getCommandLine().getParent() == null;
        return command && exception instanceof UnmatchedArgumentException unmatched
                ? OtherWords.commands(unmatched.getUnmatched().get(0))
                : List.of();
    }

    @Override
    public int handleExecutionException(Exception exception, CommandLine command, ParseResult parsed) {
        if (exception instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        // What was under way when all is to stop fails with whatever Spark says then.
        if (exception instanceof InterruptedException
                || ShutdownHookManager.get().isShutdownInProgress()) {
            say("interrupted", command);
            return ExitCode.INTERRUPTED;
        }
        return end(exception, ofInput(exception), command);
    }

    /** An error that picocli let pass: of the machine, or ours. */
    int error(Error error, CommandLine command) {
        return end(error, ofMachine(error), command);
    }

    /** @param sentence what the user can mend; null if it is ours to mend */
    private static int end(Throwable failure, @Nullable String sentence, CommandLine command) {
        String told = sentence == null ? HadoopSettings.problem(failure) : sentence;
        if (told == null) {
            return internalError(failure, command);
        }
        say(told, command);
        boolean later = TryAgainException.isCauseOf(failure)
                || Outage.isCauseOf(failure)
                || EndedApplication.explanation(failure) != null;
        return later ? ExitCode.TRY_AGAIN : ExitCode.BAD_INPUT;
    }

    private static void say(String sentence, CommandLine command) {
        // What a server throws has its stack in the message.
        String ownWords =
                sentence.lines().filter(line -> !line.startsWith("\tat ")).collect(Collectors.joining("\n"));
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + Secrets.hidden(ownWords));
    }

    private static @Nullable String ofInput(Exception exception) {
        String ofDisk = DiskException.explanation(exception);
        if (ofDisk != null) {
            return ofDisk;
        }
        String ofApplication = EndedApplication.explanation(exception);
        if (ofApplication != null) {
            return ofApplication;
        }
        if (exception.getCause() instanceof UnknownHostException host) {
            // Hadoop wraps it in what a bug of ours would be, too.
            return "there is no machine of the name " + host.getMessage() + "; check the address";
        }
        return OF_INPUT.stream().anyMatch(type -> type.isInstance(exception)) ? message(exception) : null;
    }

    private static @Nullable String ofMachine(Error error) {
        if (error instanceof OutOfMemoryError) {
            return "Java's memory, " + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MB, is not enough for this; give it more: FOCALDISTILL_MEMORY=8g, or driver memory to"
                    + " spark-submit";
        }
        return error instanceof LinkageError ? NativeFolder.problem() : DiskException.explanation(error);
    }

    private static int internalError(Throwable error, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        PrintWriter err = command.getErr();
        StringWriter stack = new StringWriter();
        error.printStackTrace(new PrintWriter(stack));
        err.print(Secrets.hidden(stack.toString()));
        err.println(
                spec.qualifiedName() + ": this is an error in FocalDistill, not in your input. Please report it with"
                        + " the lines above, the command you gave and what "
                        + spec.root().name() + " --version prints.");
        return ExitCode.INTERNAL_ERROR;
    }

    /** Java's own exceptions of files have nothing but the path for a message. */
    private static boolean isSentence(Exception exception) {
        return exception.getMessage() != null && exception.getMessage().contains(" ");
    }

    /** The message and, where the cause has more to say, the first line of the innermost one's. */
    private static String withCause(Exception exception) {
        String message = Words.reason(exception);
        String ofRoot = Causes.root(exception).getMessage();
        String cause = ofRoot == null ? "" : ofRoot.lines().findFirst().orElse("");
        return message.contains(cause) ? message : message + ": " + Causes.sentence(exception);
    }

    /** The message, completed where Java's own is nothing but a path. */
    private static String message(Exception exception) {
        if (exception instanceof UncheckedIOException && exception.getCause() instanceof IOException cause) {
            return message(cause);
        }
        String said = String.valueOf(exception.getMessage());
        if (said.startsWith(NO_FOLDER)) {
            return "cannot make the folder " + said.substring(NO_FOLDER.length())
                    + ": it is not allowed to write there, or a file is in its way";
        }
        if (isSentence(exception)) {
            return withCause(exception);
        }
        if (exception instanceof NoSuchFileException || exception instanceof FileNotFoundException) {
            return "no such file: " + exception.getMessage();
        }
        if (exception instanceof AccessDeniedException) {
            return "not allowed to read or write: " + exception.getMessage();
        }
        if (exception instanceof FileAlreadyExistsException) {
            return "is there already: " + exception.getMessage();
        }
        return Words.reason(exception);
    }
}
