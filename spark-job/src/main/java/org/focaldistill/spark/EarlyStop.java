package org.focaldistill.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.OpenEpochRow;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.stop.HeldOut;
import org.focaldistill.sweep.stop.Standings;
import org.focaldistill.sweep.stop.Stop;
import org.jspecify.annotations.Nullable;

/** Asks the rules of a sweep which of its trials are to end, with what all of them, of earlier runs too, have reached. */
final class EarlyStop {
    private final Standings standings;
    private final boolean any;
    private final int legEpochs;

    private EarlyStop(Standings standings, RunSettings settings) {
        this.standings = standings;
        this.any = settings.stop().stopsAny();
        this.legEpochs = settings.checkpointEpochs();
    }

    /**
     * Of a run that begins.
     *
     * @param store what earlier runs have reached; not asked where no trial is to be stopped
     * @throws IllegalArgumentException if trials may be stopped that have no held-out images
     */
    static EarlyStop of(RunSettings settings, SweepPlan plan, ResultStore store) throws IOException {
        EarlyStop stop = new EarlyStop(new Standings(settings.stop(), plan.trials()), settings);
        if (stop.any) {
            stop.read(store);
        }
        return stop;
    }

    private void read(ResultStore store) throws IOException {
        Map<String, List<EpochRow>> courses = new HashMap<>();
        store.epochs().forEach(row -> add(courses, row));
        for (List<OpenEpochRow> open : store.openEpochs().courses().values()) {
            open.forEach(row -> add(courses, row.epoch()));
        }
        courses.forEach((id, rows) -> standings.reached(id, course(rows)));
        Set<String> finished = store.finishedIds();
        finished.forEach(standings::ended);
    }

    private static void add(Map<String, List<EpochRow>> courses, EpochRow row) {
        courses.computeIfAbsent(row.trialId(), id -> new ArrayList<>()).add(row);
    }

    /** Up to an epoch that is missing or has no held-out images. */
    private static List<HeldOut> course(List<EpochRow> rows) {
        List<HeldOut> course = new ArrayList<>();
        for (EpochRow row :
                rows.stream().sorted(Comparator.comparing(EpochRow::epoch)).toList()) {
            if (row.epoch() != course.size() + 1 || row.validation() == null || row.valTop1() == null) {
                break;
            }
            course.add(new HeldOut(row.validation().components().ce(), row.valTop1()));
        }
        return course;
    }

    /** Notes how a leg ended. */
    void ended(String trialId, LegReport report) {
        if (any) {
            standings.reached(trialId, report.course());
            if (report.status() != null) {
                standings.ended(trialId);
            }
        }
    }

    /**
     * Whether a trial that has completed so many epochs is to end with them. Asked before each leg, so that one whose driver or
     * executor was lost in between is asked about again.
     */
    @Nullable Stop before(String trialId, int epochs) {
        return epochs == 0 ? null : standings.stop(trialId, Math.max(0, epochs - legEpochs), epochs);
    }
}
