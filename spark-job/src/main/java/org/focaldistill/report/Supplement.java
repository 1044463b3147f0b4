package org.focaldistill.report;

import java.util.List;

/** What a report holds beside the sections of every sweep, where the sweep is about it. */
public interface Supplement {
    /**
     * The sections for a sweep; none where it is about something else.
     *
     * @param findings panel by panel, of finished trials only
     */
    List<Section> sections(List<Findings> findings);
}
