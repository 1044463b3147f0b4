package org.focaldistill.store;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.jspecify.annotations.Nullable;

/** The plans of sweeps: table {@code plan/}, a file a sweep. */
final class Plans {
    private final TableFiles<PlanRow> files;
    private final SweepDates.Trials trials;

    /** @param trials finished ones, which tell when the sweeps of earlier versions were planned */
    Plans(TableFiles<PlanRow> files, SweepDates.Trials trials) {
        this.files = files;
        this.trials = trials;
    }

    TableFiles<PlanRow> files() {
        return files;
    }

    /**
     * Writes one as of now.
     *
     * @param grows whether it may have fewer trials than the one that is there, or more: then those of both count
     */
    void write(String sweepId, List<PlannedTrial> planned, boolean grows) throws IOException {
        List<PlanRow> rows = new ArrayList<>();
        for (PlannedTrial each : planned) {
            for (Role role : new TreeSet<>(each.roles())) {
                rows.add(new PlanRow(sweepId, each.trial().id(), role, null));
            }
        }
        write(sweepId, rows, laterThanAll(sweeps()), grows);
    }

    /** Now or, where the machine of an earlier plan had a clock that is ahead, soon after that plan. */
    private static Instant laterThanAll(List<SweepRef> sweeps) {
        Instant now = Instant.now();
        return sweeps.stream()
                .map(sweep -> sweep.plannedAt().plusMillis(1))
                .filter(now::isBefore)
                .max(Comparator.naturalOrder())
                .orElse(now);
    }

    /** Writes a plan that is new, has grown, or is there with an earlier time or none. */
    void write(String sweepId, List<PlanRow> rows, Instant plannedAt, boolean grows) throws IOException {
        if (files.create(sweepId, dated(rows, plannedAt))) {
            return;
        }
        List<PlanRow> there = rows(sweepId);
        Set<PlanRow> before = new LinkedHashSet<>(there == null ? List.of() : dated(there, null));
        Set<PlanRow> given = new LinkedHashSet<>(dated(rows, null));
        boolean more = given.containsAll(before);
        boolean fewer = before.containsAll(given);
        if (grows ? !more && !fewer : !more || !fewer) {
            throw new FileAlreadyExistsException("Cannot write the plan of sweep " + sweepId + ": "
                    + files.file(sweepId) + " holds a plan of other trials. Give the changed sweep another id.");
        }
        Instant datedAt = there == null ? null : SweepDates.plannedAt(there);
        if (!fewer || datedAt == null || datedAt.isBefore(plannedAt)) {
            files.replace(sweepId, dated(List.copyOf(more ? given : before), plannedAt));
        }
    }

    private static List<PlanRow> dated(List<PlanRow> rows, @Nullable Instant plannedAt) {
        return rows.stream().map(row -> row.withPlannedAt(plannedAt)).collect(Collectors.toList());
    }

    /** The trials of a sweep and their roles; null if there is no such sweep. */
    @Nullable List<PlanRow> rows(String sweepId) throws IOException {
        return TableFiles.isName(sweepId) ? files.own(sweepId) : null;
    }

    /** The sweeps that have a plan, the newest first. */
    List<SweepRef> sweeps() throws IOException {
        List<SweepDates.Plan> found = new ArrayList<>();
        for (FileStatus file : files.list()) {
            List<PlanRow> rows = files.rows(file);
            if (rows != null) {
                Instant touched = Instant.ofEpochMilli(file.getModificationTime());
                found.add(new SweepDates.Plan(TableFiles.name(file), rows, touched));
            }
        }
        return SweepDates.newestFirst(found, trials);
    }
}
