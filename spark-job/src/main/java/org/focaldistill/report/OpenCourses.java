package org.focaldistill.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.OpenEpochRow;
import org.focaldistill.sweep.Trial;
import org.focaldistill.text.Durations;

/** What trials that have not ended have reached, in words and in order. */
final class OpenCourses {
    private static final Comparator<List<OpenEpochRow>> ORDER = Comparator.comparing(
                    (List<OpenEpochRow> course) -> trial(course).loss().weights(),
                    Comparator.comparingDouble(LossWeights::alpha)
                            .thenComparingDouble(LossWeights::gamma)
                            .thenComparingDouble(LossWeights::beta))
            .thenComparing(course -> trial(course).seed());

    private OpenCourses() {}

    private static Trial trial(List<OpenEpochRow> course) {
        return course.get(0).trial();
    }

    /** Courses by what the trials of a panel have in common, within it by alpha, gamma, beta and seeds. */
    static Map<Trial, List<List<OpenEpochRow>>> byPanel(Collection<List<OpenEpochRow>> courses) {
        Map<Trial, List<List<OpenEpochRow>>> byPanel = new TreeMap<>(Comparator.comparing(Trial::canonical));
        courses.stream()
                .collect(Collectors.groupingBy(course -> Panel.common(trial(course))))
                .forEach((panel, own) ->
                        byPanel.put(panel, own.stream().sorted(ORDER).toList()));
        return byPanel;
    }

    /** A trial within its panel. */
    static String name(Trial trial) {
        return Findings.name(trial.loss().weights()) + ", seed " + trial.seed();
    }

    /** A trial's newest epoch, and when it was told of. */
    static String inWords(OpenEpochRow newest, Instant now) {
        EpochRow epoch = newest.epoch();
        double age = Duration.between(newest.writtenAt(), now).toMillis() / 1e3;
        return "at epoch " + epoch.epoch() + ": CE "
                + Decimals.fixed(epoch.train().components().ce(), 3)
                + (epoch.valTop1() == null
                        ? ""
                        : ", validation top-1 " + Decimals.fixed(100 * epoch.valTop1(), 2) + " %")
                + ", " + Decimals.fixed(epoch.imagesPerSecond(), 0) + " images/s, heard of " + Durations.text(age)
                + " ago";
    }
}
