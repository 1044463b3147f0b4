package org.focaldistill.cli;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What a command prints, and whether that arrived: writers keep such failures to themselves. */
final class StandardOutput extends FilterOutputStream {
    /** Linux's words where a reader has seen enough, as {@code head} has, and where none was wanted: {@code >&-}. */
    private static final Set<String> NO_READER = Set.of("Broken pipe", "Bad file descriptor");

    private volatile @Nullable IOException failure;

    private StandardOutput(OutputStream to) {
        super(to);
    }

    /**
     * Runs a command with a place to print to.
     *
     * @return the command's exit code, but {@link ExitCode#BAD_INPUT} if it is {@link ExitCode#OK} and what it printed is
     *     not all there
     */
    static int with(OutputStream to, PrintWriter err, ToIntFunction<PrintWriter> command) {
        StandardOutput output = new StandardOutput(to);
        PrintWriter out = new PrintWriter(new BufferedOutputStream(output), true, Charset.defaultCharset());
        int code = command.applyAsInt(out);
        out.flush();
        IOException failed = output.failure;
        if (failed == null || NO_READER.contains(String.valueOf(failed.getMessage()))) {
            return code;
        }
        err.println("focaldistill: what it prints could not be written: " + failed.getMessage());
        return code == ExitCode.OK ? ExitCode.BAD_INPUT : code;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }
}
