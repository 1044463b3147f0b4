package org.focaldistill.report;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.focaldistill.store.PlanRow;
import org.focaldistill.store.ResultStore;
import org.focaldistill.store.SweepRef;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.jspecify.annotations.Nullable;

/**
 * What there is of one sweep.
 *
 * @param sweepId the sweep
 * @param planned how many trials its plan has
 * @param finished those with a final outcome
 * @param otherSweeps other sweeps of the same store, the newest first
 */
record SweepResults(String sweepId, int planned, List<Finished> finished, List<String> otherSweeps) {

    /** A finished trial and why the sweep has it. */
    record Finished(TrialOutcome outcome, Set<Role> roles) {
        Finished {
            roles = EnumSet.copyOf(roles);
        }
    }

    SweepResults {
        finished = List.copyOf(finished);
        otherSweeps = List.copyOf(otherSweeps);
    }

    /** Reads a sweep, the newest one when {@code wanted} is null. */
    static SweepResults read(ResultStore store, @Nullable String wanted) throws IOException {
        List<String> ids = store.sweeps().stream().map(SweepRef::id).toList();
        if (ids.isEmpty()) {
            throw new FileNotFoundException(
                    "Cannot report on " + store.root() + ": it has no sweep. The command `sweep` makes one.");
        }
        String sweepId = wanted == null ? ids.get(0) : wanted;
        Map<String, Set<Role>> roles = new TreeMap<>();
        for (PlanRow row : store.plan(sweepId)) {
            roles.computeIfAbsent(row.trialId(), id -> EnumSet.noneOf(Role.class))
                    .add(row.role());
        }
        List<Finished> finished = new ArrayList<>();
        for (TrialOutcome outcome : store.trials()) {
            Set<Role> own = roles.get(outcome.trial().id());
            if (own != null) {
                finished.add(new Finished(outcome, own));
            }
        }
        List<String> others = ids.stream().filter(id -> !id.equals(sweepId)).toList();
        return new SweepResults(sweepId, roles.size(), finished, others);
    }

    /** How many planned trials have no final outcome yet. */
    int missing() {
        return planned - finished.size();
    }

    /** How many finished trials ended before their last epoch, for people: {@code 3 of them DIVERGED}. */
    String endedEarly() {
        long stopped = count(TrialStatus.STOPPED_EARLY);
        return count(TrialStatus.DIVERGED) + " of them DIVERGED"
                + (stopped > 0 ? ", " + stopped + " STOPPED_EARLY" : "");
    }

    private long count(TrialStatus status) {
        return finished.stream()
                .filter(each -> each.outcome().status() == status)
                .count();
    }

    ComputedBy computedBy() {
        return ComputedBy.of(finished.stream().map(Finished::outcome).toList());
    }

    /** Whether any trial saw generated images. */
    boolean generated() {
        return finished.stream().anyMatch(each -> each.outcome().trial().data().generated());
    }
}
