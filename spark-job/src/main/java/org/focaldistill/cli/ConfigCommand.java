package org.focaldistill.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.focaldistill.config.LoadedConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Print the settings in force, with what they mean.",
        descriptionHeading = "%n",
        description = {
            "Checks a configuration and prints all of it: the file's settings, the command line's, and the defaults of"
                    + " what neither mentions. The output is itself a configuration file.",
            "",
            "Without -c these are the defaults: the place to look up what can be set.",
            ""
        },
        optionListHeading = "Options:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  What can be set, and to what:",
            "    focaldistill config",
            "  Is my file right, and what does it amount to?",
            "    focaldistill config -c my.conf --no-comments",
            "  Keep what a file and some changes amount to:",
            "    focaldistill config -c conf/study.conf --set sweep.seeds=[1,2] > my.conf"
        })
final class ConfigCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration = new ConfigOptions();

    @Option(names = "--no-comments", description = "Leave out what the settings mean.")
    private boolean withoutComments;

    @Override
    public Integer call() {
        LoadedConfig loaded = configuration.loadSilently();
        PrintWriter out = spec.commandLine().getOut();
        // As comments, so that the output stays a configuration file.
        loaded.overrides().forEach(line -> out.println("# " + line));
        out.print(loaded.render(withoutComments ? LoadedConfig.Comments.LEFT_OUT : LoadedConfig.Comments.SHOWN));
        return ExitCode.OK;
    }
}
