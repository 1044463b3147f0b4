package org.focaldistill.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.store.ResultPack;
import org.focaldistill.store.ResultStore;
import org.focaldistill.text.Words;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "pack",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Copy finished trials into few files, to keep or pass on.",
        descriptionHeading = "%n",
        description = {
            "Adds what is finished in paths.results to another folder of results, one file a table, and leaves out what"
                    + " that has already. report, sql, status and the notebooks read it as any other; a sweep with it as"
                    + " paths.results adds to it. Students and checkpoints are not copied.",
            ""
        },
        optionListHeading = "Options:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  focaldistill pack --to my-results",
            "  focaldistill report --set paths.results=my-results",
        })
final class PackCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration = new ConfigOptions();

    @Option(
            names = "--to",
            converter = LocationConverter.class,
            paramLabel = "FOLDER",
            required = true,
            description = "The folder to add to; may be new.")
    @SuppressWarnings("NullAway.Init")
    private String folder;

    @Override
    public Integer call() throws IOException {
        Configuration hadoop = HadoopSettings.configuration();
        String results = configuration.loadSilently().config().paths().results();
        ResultStore from = new ResultStore(hadoop, new Path(results));
        ResultStore to = new ResultStore(hadoop, new Path(folder));
        if (from.root().equals(to.root())) {
            throw new ParameterException(
                    spec.commandLine(), "--to must be another folder than paths.results, " + from.root());
        }
        if (from.sweeps().isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "There are no results in " + from.root() + "; is paths.results right?");
        }
        int added = ResultPack.add(from, to);
        spec.commandLine()
                .getOut()
                .println("added " + Words.count(added, "trial") + " to " + to.root() + ", which has "
                        + to.finishedIds().size());
        return ExitCode.OK;
    }
}
