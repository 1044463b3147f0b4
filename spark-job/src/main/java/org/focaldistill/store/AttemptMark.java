package org.focaldistill.store;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.focaldistill.sweep.Trial;

/**
 * What a driver leaves beside a trial's checkpoints when an attempt begins; its row in {@code attempts/} comes when it
 * ends.
 *
 * @param driver whose lease it was
 * @param attempt 1-based
 * @param startedMillis when it began, in milliseconds since 1970
 * @param fromEpoch epochs that earlier attempts had completed
 * @param configJson the whole trial, as in {@code trials/}
 * @param givenUp whether the driver makes no further attempt after this one, which failed
 */
public record AttemptMark(
        @JsonProperty(required = true) String driver,
        @JsonProperty(required = true) int attempt,
        @JsonProperty(required = true) long startedMillis,
        @JsonProperty(required = true) int fromEpoch,
        @JsonProperty(required = true) String configJson,
        boolean givenUp) {

    public static AttemptMark of(String driver, int attempt, Instant startedAt, int fromEpoch, Trial trial) {
        return new AttemptMark(driver, attempt, startedAt.toEpochMilli(), fromEpoch, TrialJson.write(trial), false);
    }

    AttemptMark givenUp(boolean noFurtherAttempt) {
        return new AttemptMark(driver, attempt, startedMillis, fromEpoch, configJson, noFurtherAttempt);
    }

    @JsonIgnore
    public Trial trial() {
        return TrialJson.read(configJson);
    }

    @JsonIgnore
    public Instant startedAt() {
        return Instant.ofEpochMilli(startedMillis);
    }
}
