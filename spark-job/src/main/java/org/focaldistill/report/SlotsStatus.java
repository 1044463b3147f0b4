package org.focaldistill.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.focaldistill.store.RunSlots;
import org.focaldistill.text.Words;

/** The slots of a driver that works, for people. */
public final class SlotsStatus {
    private SlotsStatus() {}

    /** Lines. */
    public static String text(RunSlots slots) {
        StringBuilder text = new StringBuilder();
        text.append("slots         ").append(slots.slots()).append('\n');
        if (!slots.kept().isEmpty()) {
            text.append('\n')
                    .append("gets no trial (")
                    .append(Words.count(slots.kept().size(), "place"))
                    .append(")\n");
        }
        for (RunSlots.Kept kept : slots.kept()) {
            text.append("  ").append(kept.place());
            if (kept.untilMillis() != null) {
                text.append(" until ")
                        .append(Instant.ofEpochMilli(kept.untilMillis()).truncatedTo(ChronoUnit.SECONDS));
            }
            text.append(": ").append(kept.reason()).append('\n');
        }
        return text.toString();
    }
}
