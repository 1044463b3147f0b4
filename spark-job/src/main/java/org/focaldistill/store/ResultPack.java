package org.focaldistill.store;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.commons.codec.digest.DigestUtils;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.ReliabilityRow;
import org.focaldistill.sweep.TrialOutcome;

/**
 * Finished trials in one file a table, to keep or pass on: a sweep leaves three small files a trial, which file systems,
 * repositories and Spark are slow with. A {@link ResultStore} reads packed trials as it does others.
 */
public final class ResultPack {
    private ResultPack() {}

    /**
     * Adds to one store what another one has finished and it lacks, with the attempts at it and the plans of all sweeps.
     * Students stay where they are, so packed rows do not say where that is. Run again after a failure, it goes on.
     *
     * @return how many trials were added
     * @throws org.apache.hadoop.fs.FileAlreadyExistsException if the stores have different plans of one id
     */
    public static int add(ResultStore from, ResultStore to) throws IOException {
        for (SweepRef sweep : from.sweeps()) {
            to.addPlan(from, sweep);
        }
        Set<String> known = to.finishedIds();
        List<TrialOutcome> trials = from.trials().stream()
                .filter(outcome -> !known.contains(outcome.trial().id()))
                .map(TrialOutcome::withoutStudent)
                .toList();
        if (!trials.isEmpty()) {
            write(from, to, trials);
        }
        return trials.size();
    }

    /** Tells packs of different trials apart. */
    static String hash(Set<String> trialIds) {
        return DigestUtils.sha256Hex(String.join(" ", new TreeSet<>(trialIds))).substring(0, 12);
    }

    private static void write(ResultStore from, ResultStore to, List<TrialOutcome> trials) throws IOException {
        Set<String> ids = new TreeSet<>();
        trials.forEach(outcome -> ids.add(outcome.trial().id()));
        // The same trials, the same name: what a failure left is replaced.
        String name = TableFiles.packOf(ids);
        to.attemptFiles().replace(name, of(ids, from.attempts(), AttemptRow::trialId));
        to.epochFiles().replace(name, of(ids, from.epochs(), EpochRow::trialId));
        to.reliabilityFiles().replace(name, of(ids, from.reliability(), ReliabilityRow::trialId));
        // The commit.
        to.trialFiles().replace(name, trials);
    }

    private static <T> List<T> of(Set<String> trialIds, List<T> rows, Function<T, String> idOf) {
        return rows.stream().filter(row -> trialIds.contains(idOf.apply(row))).toList();
    }
}
