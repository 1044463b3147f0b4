package org.focaldistill.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.report.TrialDetails;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.ResultStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Print all that is known of a trial.",
        descriptionHeading = "%n",
        description = {
            "Its whole row, its roles in the sweeps, its attempts with the reasons of those that failed, and its epochs.",
            ""
        },
        parameterListHeading = "Parameters:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {"  focaldistill show 3f2a", "  focaldistill status lists the ids of what runs or went wrong."})
final class ShowCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration = new ConfigOptions();

    @Parameters(paramLabel = "TRIAL", description = "A trial's id, or enough of its beginning.")
    @SuppressWarnings("NullAway.Init")
    private String trial;

    @Override
    public Integer call() throws IOException {
        FocalDistillConfig config = configuration.loadSilently().config();
        Configuration hadoop = HadoopSettings.configuration();
        Path results = new Path(config.paths().results());
        ResultStore store = new ResultStore(hadoop, results);
        String id = store.trialId(trial);
        spec.commandLine().getOut().print(TrialDetails.of(store, new OpenTrials(hadoop, results), id));
        return ExitCode.OK;
    }
}
