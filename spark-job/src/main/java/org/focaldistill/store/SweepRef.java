package org.focaldistill.store;

import java.time.Instant;

/**
 * A sweep whose plan is in a store.
 *
 * @param id the sweep's id
 * @param plannedAt when its plan was written
 */
public record SweepRef(String id, Instant plannedAt) {}
