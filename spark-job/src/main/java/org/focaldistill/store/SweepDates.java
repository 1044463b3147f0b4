package org.focaldistill.store;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.focaldistill.sweep.TrialOutcome;
import org.jspecify.annotations.Nullable;

/** When each sweep of a results folder was planned: as its plan says, or, of one by an earlier version, as its trials do. */
final class SweepDates {
    private final Map<String, Instant> started = new HashMap<>();
    private final Set<String> trialsOfDated = new HashSet<>();

    /**
     * A sweep's plan.
     *
     * @param touched when its file was last written
     */
    record Plan(String id, List<PlanRow> rows, Instant touched) {
        @Nullable Instant plannedAt() {
            return SweepDates.plannedAt(rows);
        }
    }

    /** Where finished trials are read from. */
    interface Trials {
        List<TrialOutcome> read() throws IOException;
    }

    private SweepDates() {}

    /** When a plan says that it was made; null where it does not. */
    static @Nullable Instant plannedAt(List<PlanRow> plan) {
        return plan.isEmpty() ? null : plan.get(0).plannedAt();
    }

    /**
     * The sweeps, the newest first.
     *
     * @param trials read only if a plan does not say when it was made
     */
    static List<SweepRef> newestFirst(List<Plan> plans, Trials trials) throws IOException {
        SweepDates dates = new SweepDates();
        if (plans.stream().anyMatch(plan -> plan.plannedAt() == null)) {
            dates.read(plans, trials);
        }
        List<SweepRef> sweeps = new ArrayList<>();
        plans.forEach(plan -> sweeps.add(new SweepRef(plan.id(), dates.of(plan))));
        sweeps.sort(Comparator.comparing(SweepRef::plannedAt).reversed().thenComparing(SweepRef::id));
        return List.copyOf(sweeps);
    }

    private void read(List<Plan> plans, Trials trials) throws IOException {
        plans.stream()
                .filter(plan -> plan.plannedAt() != null)
                .flatMap(plan -> plan.rows().stream())
                .forEach(row -> trialsOfDated.add(row.trialId()));
        trials.read()
                .forEach(outcome ->
                        started.put(outcome.trial().id(), outcome.run().startedAt()));
    }

    /**
     * Where a plan does not say: when the last of its trials was started, of those that no sweep planned which does say and thus
     * came later, and may have trained them. Where there are none, when the last of all its trials was started or, if that was
     * earlier, its file was last written: a copy of the file may be much younger.
     */
    private Instant of(Plan plan) {
        Instant said = plan.plannedAt();
        if (said != null) {
            return said;
        }
        return lastStart(plan.rows().stream().filter(row -> !trialsOfDated.contains(row.trialId())))
                .or(() -> lastStart(plan.rows().stream()).filter(plan.touched()::isAfter))
                .orElse(plan.touched());
    }

    private Optional<Instant> lastStart(Stream<PlanRow> rows) {
        return rows.flatMap(row -> Stream.ofNullable(started.get(row.trialId())))
                .max(Comparator.naturalOrder());
    }
}
