package org.focaldistill.cli;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.store.ModelFiles;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option of commands that write one file. */
final class ReplaceOption {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Option(names = "--replace", description = "Replace the file of that name if there is one.")
    private boolean replace;

    /** Throws, before any work is done, if there is a file that is not to be replaced, or can be none. */
    void requireFree(Configuration hadoop, String target) throws IOException {
        if (new Path(target).getName().indexOf(':') >= 0) {
            throw new ParameterException(
                    command.commandLine(), "Hadoop writes no file with a colon in its name, such as " + target);
        }
        if (!replace && new ModelFiles(hadoop).exists(new Path(target))) {
            throw new ParameterException(
                    command.commandLine(), "There is a file " + target + " already; --replace replaces it");
        }
    }

    void write(Configuration hadoop, String target, byte[] content) throws IOException {
        new ModelFiles(hadoop).write(new Path(target), content, replace);
    }
}
