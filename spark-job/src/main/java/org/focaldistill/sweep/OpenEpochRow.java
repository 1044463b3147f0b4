package org.focaldistill.sweep;

import java.time.Instant;

/**
 * One row of {@code open_epochs/}: an epoch of a trial that has no outcome yet.
 *
 * @param trial the trial
 * @param attempt 1-based try that trained the newest of the trial's epochs
 * @param host where that was
 * @param device what it ran on
 * @param writtenAt when all rows of the trial were written
 * @param epoch the epoch, as it will stand in {@code epochs/}
 */
public record OpenEpochRow(Trial trial, int attempt, String host, String device, Instant writtenAt, EpochRow epoch) {}
