package org.focaldistill.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.report.Report;
import org.focaldistill.report.study.PublishedStudy;
import org.focaldistill.store.ResultStore;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Say what a sweep found: tables, heat maps and a page.",
        descriptionHeading = "%n",
        description = {
            "Prints alpha x gamma tables and writes report.html, one page that needs no network: what can be said beyond"
                    + " noise, heat maps, calibration and training curves. Beside it Markdown, CSV, and every picture as"
                    + " PNG and SVG. Works while the sweep runs, with what is finished.",
            ""
        },
        optionListHeading = "Options:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  focaldistill report -c conf/smoke.conf",
            "  focaldistill report --set paths.results=hdfs://namenode/sweeps/study --to study-report"
        })
final class ReportCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration = new ConfigOptions();

    @Option(names = "--sweep", paramLabel = "ID", description = "Which sweep; by default the newest one.")
    private @Nullable String sweepId;

    @Option(
            names = "--to",
            converter = LocationConverter.class,
            paramLabel = "FOLDER",
            description = "Where the files go; by default the folder report in paths.results.")
    private @Nullable String folder;

    @Option(
            names = "--axes",
            split = ",",
            paramLabel = "AXIS",
            description = {
                "Two numbers that the sweep varies, over which the report fits its quantities: alpha,gamma or"
                        + " temperature,learningRate, say. By default the first two that vary."
            })
    private @Nullable List<String> axes;

    @Option(
            names = "--brief",
            description = "Print no tables, only what can be said beyond noise and where the page is.")
    private boolean brief;

    @Override
    public Integer call() throws IOException {
        FocalDistillConfig config = configuration.load();
        PrintWriter out = spec.commandLine().getOut();
        Configuration hadoop = HadoopSettings.configuration();
        Path results = new Path(config.paths().results());
        ResultStore store = new ResultStore(hadoop, results);
        Report report = along(Report.of(store, sweepId));
        report.answers().forEach(out::println);
        if (!brief) {
            report.tables().forEach(table -> out.println(table.text()));
            out.println(report.trialTable());
        }
        report.verdicts().forEach(out::println);
        report.unfitted().forEach(out::println);
        Path target = folder == null ? new Path(results, "report") : new Path(folder);
        List<Path> files = report.write(hadoop, target, command(), new PublishedStudy());
        out.println("The page: " + new Path(target, Report.PAGE) + "; beside it "
                + Words.count(files.size() - 1, "file") + " of the same: Markdown, CSV and pictures");
        return ExitCode.OK;
    }

    private Report along(Report report) {
        if (axes == null) {
            return report;
        }
        try {
            return report.along(axes);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--axes: " + e.getMessage());
        }
    }

    private String command() {
        String options = configuration.asTyped()
                + (sweepId == null ? "" : " --sweep " + ConfigOptions.quoted(sweepId))
                + (axes == null ? "" : " --axes " + ConfigOptions.quoted(String.join(",", axes)))
                + (folder == null ? "" : " --to " + ConfigOptions.quoted(folder));
        return "focaldistill report" + options;
    }
}
