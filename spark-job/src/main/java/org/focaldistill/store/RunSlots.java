package org.focaldistill.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The slots that a driver has.
 *
 * @param driver whose lease it was
 * @param slots of its executors
 * @param kept executors and machines that get no work at the moment
 */
public record RunSlots(
        @JsonProperty(required = true) String driver,
        @JsonProperty(required = true) int slots,
        @JsonProperty(required = true) List<Kept> kept) {
    public RunSlots {
        Objects.requireNonNull(driver);
        kept = List.copyOf(kept);
    }

    /**
     * An executor or a machine that gets no work.
     *
     * @param place for people, for example {@code executor 3 on host-b}
     * @param untilMillis when it is tried again, in milliseconds since 1970; null if never
     */
    public record Kept(
            @JsonProperty(required = true) String place,
            @JsonProperty(required = true) String reason,
            @Nullable Long untilMillis) {}
}
