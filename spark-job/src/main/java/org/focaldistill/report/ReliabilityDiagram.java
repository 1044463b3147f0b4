package org.focaldistill.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.focaldistill.report.Curves.Look;
import org.focaldistill.report.Curves.Point;
import org.focaldistill.sweep.ReliabilityRow;
import org.focaldistill.sweep.ReliabilityRow.Filling;
import org.focaldistill.sweep.noise.Interval;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/**
 * Accuracy over confidence of one cell before and after temperature scaling, all seeds' images together, and below the
 * share of images that each bin has.
 */
final class ReliabilityDiagram {
    /** Fewer images leave an accuracy open by a third and more. */
    private static final int FEW = 30;

    private final List<ReliabilityRow> rows;
    private final List<Bin> before;
    private final List<Bin> after;

    /**
     * What is in a bin of all seeds.
     *
     * @param images how many one seed has in it, mean over those that have any
     * @param accuracy its interval is for so many images, as the seeds' test images are the same
     */
    private record Bin(double lower, double upper, long count, double images, double confidence, double accuracy) {

        static Bin of(ReliabilityRow edges, List<Filling> fillings) {
            long count = fillings.stream().mapToLong(Filling::count).sum();
            return new Bin(
                    edges.lower(),
                    edges.upper(),
                    count,
                    count / (double) fillings.size(),
                    fillings.stream()
                                    .mapToDouble(each -> each.count() * each.confidence())
                                    .sum()
                            / count,
                    fillings.stream()
                                    .mapToDouble(each -> each.count() * each.accuracy())
                                    .sum()
                            / count);
        }

        Interval interval() {
            return Interval.ofShare(accuracy, images);
        }
    }

    /** @param rows of the cell's trials, a row a bin */
    ReliabilityDiagram(List<ReliabilityRow> rows) {
        this.rows = List.copyOf(rows);
        this.before = bins(rows, ReliabilityRow::filling);
        this.after = bins(rows, ReliabilityRow::scaled);
    }

    private static List<Bin> bins(List<ReliabilityRow> rows, Function<ReliabilityRow, @Nullable Filling> of) {
        Map<Integer, List<ReliabilityRow>> byBin = new TreeMap<>(rows.stream()
                .filter(row -> {
                    Filling filling = of.apply(row);
                    return filling != null && filling.count() > 0;
                })
                .collect(Collectors.groupingBy(ReliabilityRow::bin)));
        List<Bin> bins = new ArrayList<>();
        byBin.values().forEach(same -> {
            List<Filling> fillings = new ArrayList<>();
            for (ReliabilityRow row : same) {
                Filling filling = of.apply(row);
                if (filling != null) {
                    fillings.add(filling);
                }
            }
            bins.add(Bin.of(same.get(0), fillings));
        });
        return bins;
    }

    /** Draws it. */
    Chart chart(String slug, String cell) {
        return new Curves("confidence", "accuracy")
                .size(430, 480)
                .x(0, 1)
                .xStep(0.1)
                // A mark at 0 or 1 is then seen whole.
                .y(-0.02, 1.02)
                .paleWhereUncertain()
                .add("calibrated", Look.BACKGROUND, List.of(new Point(0, 0, ""), new Point(1, 1, "")))
                .add("before scaling", Look.BOTH, points(before))
                .add("after", Look.BOTH, points(after))
                .over(new Bars("images (%)")
                        .add(shares(before, 0))
                        .add(shares(after, 1))
                        .plot())
                .chart(slug, "Reliability: " + cell)
                .described(words());
    }

    private static List<Point> points(List<Bin> bins) {
        return bins.stream()
                .map(bin -> new Point(
                        bin.confidence,
                        bin.accuracy,
                        bin.interval().low(),
                        bin.interval().high(),
                        String.format(
                                Locale.ROOT,
                                "confidence %.3f, accuracy %.3f (%.3f to %.3f)%n%s",
                                bin.confidence,
                                bin.accuracy,
                                bin.interval().low(),
                                bin.interval().high(),
                                Words.count(bin.count, "image"))))
                .toList();
    }

    /** Bars of both kinds share the width of a bin, if there are both. */
    private List<Bars.Bar> shares(List<Bin> bins, int place) {
        double all = bins.stream().mapToLong(Bin::count).sum();
        int kinds = after.isEmpty() ? 1 : 2;
        return bins.stream()
                .map(bin -> {
                    double width = (bin.upper - bin.lower) / kinds;
                    double from = bin.lower + place * width;
                    return new Bars.Bar(
                            from,
                            from + width,
                            100 * bin.count / all,
                            String.format(
                                    Locale.ROOT,
                                    "confidence %.3f to %.3f%n%s, %.2f %%",
                                    bin.lower,
                                    bin.upper,
                                    Words.count(bin.count, "image"),
                                    100 * bin.count / all));
                })
                .toList();
    }

    /** How many images it is of, and which bins say little. */
    private String words() {
        long trials = rows.stream().map(ReliabilityRow::trialId).distinct().count();
        long bins = rows.stream().map(ReliabilityRow::bin).distinct().count();
        double all = before.stream().mapToLong(Bin::count).sum();
        List<Bin> few = before.stream().filter(bin -> bin.images < FEW).toList();
        double inFew = few.stream().mapToLong(Bin::count).sum();
        return Words.count(Math.round(all / trials), "image")
                + (trials == 1 ? "" : " of each of " + trials + " seeds") + ", in " + before.size() + " of "
                + bins + " bins"
                + (few.isEmpty()
                        ? "."
                        : "; " + few.size() + " of these " + (few.size() == 1 ? "has" : "have") + " fewer than " + FEW
                                + " images, " + Decimals.fixed(100 * inFew / all, 1) + " % of all, and "
                                + (few.size() == 1 ? "says" : "say") + " little.");
    }
}
