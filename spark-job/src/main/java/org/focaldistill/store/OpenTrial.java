package org.focaldistill.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A trial that was begun and has not ended.
 *
 * @param id the trial's
 * @param mark its newest attempt's; null if that left none
 * @param epoch completed epochs in its newest checkpoint, 0 without one
 * @param sinceMark from the mark to that checkpoint, both by the file system's clock; null if one is missing, or the mark
 *     came later
 */
public record OpenTrial(
        String id,
        @Nullable AttemptMark mark,
        int epoch,
        @Nullable Duration sinceMark) {}
