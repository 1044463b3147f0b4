package org.focaldistill.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.noise.CellDifference;
import org.focaldistill.sweep.noise.Comparison;
import org.focaldistill.sweep.noise.Interval;
import org.jspecify.annotations.Nullable;

/** Every cell's difference from the baseline and the noise beside it, one row a cell. */
final class DifferenceTable {
    private static final String DASH = "-";
    private static final String CSV_HEADER =
            "panel,quantity,baseline,alpha,beta,gamma,seeds,difference,sd,correlation,alone_low,alone_high,"
                    + "with_all_low,with_all_high,p_with_all";

    private DifferenceTable() {}

    /** For people; a star marks what is beyond noise. */
    static TextGrid of(Quantity quantity, Comparison<LossWeights> comparison) {
        TextGrid grid = new TextGrid(List.of(
                "alpha / beta / gamma",
                "seeds",
                "difference",
                "sd",
                "correlation",
                "interval alone",
                "interval with all",
                "p with all"));
        for (CellDifference<LossWeights> each : comparison.differences()) {
            Double sd = each.sd();
            Double correlation = each.correlation();
            Double p = comparison.p(each);
            grid.add(List.of(
                    Findings.shortName(each.cell()),
                    String.valueOf(each.pairs()),
                    Verdict.signed(quantity, each.mean()),
                    sd == null ? DASH : quantity.format(sd),
                    correlation == null ? DASH : Decimals.fixed(correlation, 2),
                    interval(quantity, each.alone()),
                    interval(quantity, each.among()) + (each.beyondNoise() ? " *" : ""),
                    p == null ? DASH : Decimals.p(p)));
        }
        return grid;
    }

    private static String interval(Quantity quantity, @Nullable Interval interval) {
        return interval == null
                ? DASH
                : Verdict.signed(quantity, interval.low()) + " to " + Verdict.signed(quantity, interval.high());
    }

    /** For programs: a header, then one line a cell and judged quantity, all digits, empty where there is no value. */
    static String csv(List<Findings> findings) {
        List<String> lines = new ArrayList<>(List.of(CSV_HEADER));
        for (Findings each : findings) {
            for (Quantity quantity : Verdict.JUDGED) {
                each.comparison(quantity)
                        .ifPresent(comparison -> comparison
                                .differences()
                                .forEach(difference -> lines.add(csv(each, quantity, comparison, difference))));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static String csv(
            Findings findings,
            Quantity quantity,
            Comparison<LossWeights> comparison,
            CellDifference<LossWeights> difference) {
        LossWeights cell = difference.cell();
        Interval alone = difference.alone();
        Interval among = difference.among();
        List<String> values = new ArrayList<>(List.of(
                SweepTable.quoted(findings.panel().title()),
                SweepTable.quoted(quantity.title()),
                SweepTable.quoted(Findings.name(findings.baseline()))));
        for (Object value : Arrays.asList(
                cell.alpha(),
                cell.beta(),
                cell.gamma(),
                difference.pairs(),
                difference.mean(),
                difference.sd(),
                difference.correlation(),
                alone == null ? null : alone.low(),
                alone == null ? null : alone.high(),
                among == null ? null : among.low(),
                among == null ? null : among.high(),
                comparison.p(difference))) {
            values.add(Objects.toString(value, ""));
        }
        return String.join(",", values);
    }
}
