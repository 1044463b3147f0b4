package org.focaldistill.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long a driver thinks that its sweep will take.
 *
 * @param driver whose lease it was
 * @param sweepId the sweep
 * @param atMillis when, in milliseconds since 1970
 * @param secondsLeft to the end; null if it is not known, as nothing was trained lately
 */
public record RunProgress(
        @JsonProperty(required = true) String driver,
        @JsonProperty(required = true) String sweepId,
        @JsonProperty(required = true) long atMillis,
        @Nullable Double secondsLeft) {
    public RunProgress {
        Objects.requireNonNull(driver);
        Objects.requireNonNull(sweepId);
    }

    public Instant at() {
        return Instant.ofEpochMilli(atMillis);
    }
}
