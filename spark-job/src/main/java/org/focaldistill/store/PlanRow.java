package org.focaldistill.store;

import java.time.Instant;
import org.focaldistill.sweep.Role;
import org.jspecify.annotations.Nullable;

/**
 * A role of a trial in a sweep: one row of {@code plan/}. A trial of two roles has two rows.
 *
 * @param plannedAt when the sweep was started or continued last, the same in all of its rows; null in rows of
 *     schema_version 1
 */
public record PlanRow(
        String sweepId, String trialId, Role role, @Nullable Instant plannedAt) {

    PlanRow withPlannedAt(@Nullable Instant other) {
        return new PlanRow(sweepId, trialId, role, other);
    }
}
