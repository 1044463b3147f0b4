package org.focaldistill.report;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.focaldistill.store.PlanRow;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.OpenEpochRow;
import org.focaldistill.sweep.ReliabilityRow;

/**
 * What only the page needs of a sweep.
 *
 * @param epochs by trial, in order
 * @param reliability by trial, bin by bin
 * @param lost attempts that ended with an error or with their machine
 * @param unfinished planned trials without a final outcome
 * @param open what those of them that have begun have reached, by trial
 * @param race what a race has answered
 */
record SweepDetails(
        Map<String, List<EpochRow>> epochs,
        Map<String, List<ReliabilityRow>> reliability,
        List<AttemptRow> lost,
        Set<String> unfinished,
        Map<String, List<OpenEpochRow>> open,
        RaceAnswers race) {

    static SweepDetails read(ResultStore store, String sweepId) throws IOException {
        Set<String> planned = store.plan(sweepId).stream().map(PlanRow::trialId).collect(Collectors.toSet());
        Set<String> unfinished = new TreeSet<>(planned);
        unfinished.removeAll(store.finishedIds());
        Map<String, List<OpenEpochRow>> open = new TreeMap<>(store.openEpochs().courses());
        open.keySet().retainAll(unfinished);
        return new SweepDetails(
                store.epochs().stream()
                        .filter(row -> planned.contains(row.trialId()))
                        .collect(Collectors.groupingBy(EpochRow::trialId)),
                store.reliability().stream()
                        .filter(row -> planned.contains(row.trialId()))
                        .collect(Collectors.groupingBy(ReliabilityRow::trialId)),
                store.attempts().stream()
                        .filter(row -> planned.contains(row.trialId()))
                        .filter(row -> row.end() == AttemptRow.End.FAILED || row.end() == AttemptRow.End.LOST)
                        .toList(),
                unfinished,
                open,
                RaceAnswers.of(store, sweepId));
    }
}
