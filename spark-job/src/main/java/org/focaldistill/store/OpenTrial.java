package org.focaldistill.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A trial that was begun and has not ended.
 *
 * @param id the trial's
 * @param mark its newest attempt's; null if that left none
 * @param epoch completed epochs in its newest checkpoint, 0 without one
 * @param savedAt when that was written; null without one
 */
public record OpenTrial(
        String id,
        @Nullable AttemptMark mark,
        int epoch,
        @Nullable Instant savedAt) {}
