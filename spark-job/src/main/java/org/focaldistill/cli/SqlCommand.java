package org.focaldistill.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.spark.sql.ResultQuery;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "sql",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Ask the results a question in Spark SQL.",
        descriptionHeading = "%n",
        description = {
            "Views: the tables under paths.results, plan, trials, epochs, reliability, attempts, open_epochs and races; and"
                    + " made of them sweeps, sweep_trials (trials with their roles), cells (means over seeds), heat_map, best_cells,"
                    + " yardstick (what of a difference is the weights' own), calibration, cell_reliability and curves."
                    + " Times are in UTC. DESCRIBE shows a view's columns; views.sql, in the jar and in the sources, defines them all.",
            ""
        },
        parameterListHeading = "Parameters:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  focaldistill sql 'SELECT place, alpha, gamma, ce, ce_se, top1 FROM best_cells WHERE newest'",
            "  focaldistill sql 'DESCRIBE cells'"
        })
final class SqlCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration = new ConfigOptions();

    @Parameters(paramLabel = "QUERY", description = "One query, in quotes.")
    @SuppressWarnings("NullAway.Init")
    private String query;

    @Option(names = "--tabs", description = "For other programs: no header, columns separated by tabs.")
    private boolean tabs;

    @Override
    public Integer call() throws IOException {
        FocalDistillConfig config = configuration.loadSilently().config();
        PrintWriter out = spec.commandLine().getOut();
        try (ResultQuery results = new ResultQuery(config.paths().results())) {
            ResultQuery.Answer answer = results.ask(query);
            if (tabs) {
                answer.rows().forEach(row -> out.println(String.join("\t", row)));
            } else {
                print(answer, out);
            }
        }
        return ExitCode.OK;
    }

    private static void print(ResultQuery.Answer answer, PrintWriter out) {
        int[] widths = IntStream.range(0, answer.columns().size())
                .map(i -> Math.max(
                        answer.columns().get(i).length(),
                        answer.rows().stream()
                                .mapToInt(row -> row.get(i).length())
                                .max()
                                .orElse(0)))
                .toArray();
        out.println(line(answer.columns(), widths));
        answer.rows().forEach(row -> out.println(line(row, widths)));
    }

    private static String line(List<String> cells, int[] widths) {
        return IntStream.range(0, cells.size())
                .mapToObj(i -> String.format(Locale.ROOT, "%-" + Math.max(1, widths[i]) + "s", cells.get(i)))
                .collect(Collectors.joining("  "))
                .stripTrailing();
    }
}
