package org.focaldistill.store;

import org.focaldistill.sweep.Role;

/** A role of a trial in a sweep: one row of {@code plan/}. A trial of two roles has two rows. */
public record PlanRow(String sweepId, String trialId, Role role) {}
