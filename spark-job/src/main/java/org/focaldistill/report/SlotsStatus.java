package org.focaldistill.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.focaldistill.store.SlotsNote;
import org.focaldistill.text.Words;

/** The slots of a driver that works, for people. */
public final class SlotsStatus {
    private SlotsStatus() {}

    /** Lines. */
    public static String text(SlotsNote note) {
        StringBuilder text = new StringBuilder();
        text.append("slots         ").append(note.slots()).append('\n');
        if (!note.kept().isEmpty()) {
            text.append('\n')
                    .append("gets no trial (")
                    .append(Words.count(note.kept().size(), "place"))
                    .append(")\n");
        }
        for (SlotsNote.Kept kept : note.kept()) {
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
