package org.focaldistill.sweep;

import java.time.Instant;
import org.focaldistill.text.Secrets;
import org.jspecify.annotations.Nullable;

/** One try at a trial: a row of {@code attempts/}. {@code error} holds message and stack of a failure, without
 * passwords and keys. */
public record AttemptRow(
        String trialId,
        int attempt,
        String host,
        String device,
        Instant startedAt,
        Instant finishedAt,
        End end,
        @Nullable String error) {
    /** Messages of file systems and of Spark may name what was given to them. */
    public AttemptRow {
        error = error == null ? null : Secrets.hidden(error);
    }

    /** How an attempt ended. */
    public enum End {
        OK,
        FAILED,
        LOST,
        STOPPED
    }
}
