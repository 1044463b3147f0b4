package org.focaldistill.sweep;

import java.util.Set;

/**
 * A trial and why the sweep has it.
 *
 * @param trial the trial
 * @param roles its roles, at least one
 */
public record PlannedTrial(Trial trial, Set<Role> roles) {
    public PlannedTrial {
        roles = Set.copyOf(roles);
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("A planned trial needs a role: " + trial.id());
        }
    }
}
