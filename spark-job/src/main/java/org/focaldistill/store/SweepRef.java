package org.focaldistill.store;

import java.time.Instant;

/**
 * A sweep whose plan is in a store.
 *
 * @param id the sweep's id
 * @param plannedAt when it was started or continued last. Plans of earlier versions do not say: there, when the last of
 *     its finished trials was started; the time of the plan's file if none is finished
 */
public record SweepRef(String id, Instant plannedAt) {}
