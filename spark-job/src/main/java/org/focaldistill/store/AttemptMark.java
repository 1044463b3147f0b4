package org.focaldistill.store;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.focaldistill.sweep.Trial;
import org.jspecify.annotations.Nullable;

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
 * @param againMillis when the next attempt comes after this one, which failed, in milliseconds since 1970; null if soon
 */
public record AttemptMark(
        @JsonProperty(required = true) String driver,
        @JsonProperty(required = true) int attempt,
        @JsonProperty(required = true) long startedMillis,
        @JsonProperty(required = true) int fromEpoch,
        @JsonProperty(required = true) String configJson,
        boolean givenUp,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long againMillis) {

    public static AttemptMark of(String driver, int attempt, Instant startedAt, int fromEpoch, Trial trial) {
        return new AttemptMark(
                driver, attempt, startedAt.toEpochMilli(), fromEpoch, TrialJson.write(trial), false, null);
    }

    AttemptMark asGivenUp() {
        return new AttemptMark(driver, attempt, startedMillis, fromEpoch, configJson, true, null);
    }

    AttemptMark again(Instant at) {
        return new AttemptMark(driver, attempt, startedMillis, fromEpoch, configJson, false, at.toEpochMilli());
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
