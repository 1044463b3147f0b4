package org.focaldistill.report;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Trial;

/** Findings for tests of what others add to a report. */
public final class SampleFindings {
    private SampleFindings() {}

    /** Of trials that ended well, panel by panel. */
    public static List<Findings> of(Trial... trials) {
        List<Finished> finished = Stream.of(trials)
                .map(trial -> new Finished(SampleOutcomes.ok(trial), Set.of(Role.GRID)))
                .toList();
        return Panel.of(finished).stream().map(Findings::new).toList();
    }
}
