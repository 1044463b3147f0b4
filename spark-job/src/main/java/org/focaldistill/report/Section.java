package org.focaldistill.report;

import j2html.tags.specialized.SectionTag;

/** One section of a report: of its page, and of its Markdown where that has it too. */
public interface Section {
    /** The anchor in the page, unique there. */
    String id();

    /** What leads to it in the list at the page's beginning. */
    String link();

    /** The section in the page; the page gives it its {@link #id}. */
    SectionTag html();

    /** The section in Markdown, an empty line and a heading first; empty where the Markdown leaves it out. */
    default String markdown() {
        return "";
    }
}
