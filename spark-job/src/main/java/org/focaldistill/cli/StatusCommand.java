package org.focaldistill.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.report.SlotsStatus;
import org.focaldistill.report.SweepStatus;
import org.focaldistill.store.DriverNote;
import org.focaldistill.store.Lease;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.ResultStore;
import org.focaldistill.store.RunSlots;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Say how far a sweep is.",
        descriptionHeading = "%n",
        description = {
            "Reads paths.results alone, and may be run from any machine while the sweep runs, or afterwards: what is done"
                    + " and how it ended, what runs, its last saved epoch and what its newest one gave, what failed and"
                    + " why, and whether it is tried again, and the time left.",
            ""
        },
        optionListHeading = "Options:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  focaldistill status",
            "  watch -n 10 focaldistill status --set paths.results=hdfs://namenode/sweeps/study"
        })
final class StatusCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration = new ConfigOptions();

    @Option(names = "--sweep", paramLabel = "ID", description = "Which sweep; by default the newest one.")
    private @Nullable String sweepId;

    @Override
    public Integer call() throws IOException {
        FocalDistillConfig config = configuration.loadSilently().config();
        Configuration hadoop = HadoopSettings.configuration();
        Path results = new Path(config.paths().results());
        Lease.Holder driver = Lease.holder(hadoop, results, spec.commandLine().getErr()::println);
        SweepStatus status = SweepStatus.read(
                new ResultStore(hadoop, results),
                new OpenTrials(hadoop, results),
                driver,
                DriverNote.ofProgress(hadoop, results).read(),
                sweepId);
        spec.commandLine().getOut().print(status.text());
        RunSlots slots = DriverNote.ofSlots(hadoop, results).read();
        if (driver != null && slots != null && slots.driver().equals(driver.id())) {
            spec.commandLine().getOut().print(SlotsStatus.text(slots));
        }
        return ExitCode.OK;
    }
}
