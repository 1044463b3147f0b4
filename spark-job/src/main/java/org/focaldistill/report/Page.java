package org.focaldistill.report;

import static j2html.TagCreator.a;
import static j2html.TagCreator.body;
import static j2html.TagCreator.div;
import static j2html.TagCreator.document;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.head;
import static j2html.TagCreator.html;
import static j2html.TagCreator.li;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.script;
import static j2html.TagCreator.style;
import static j2html.TagCreator.title;
import static j2html.TagCreator.ul;

import j2html.tags.specialized.DivTag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The frame of the report as one HTML page that needs nothing else: no network, no other file.
 *
 * @param race what it answered, if it was one, is told instead of verdicts
 * @param sections in the page's order
 */
record Page(SweepResults results, RaceAnswers race, List<Findings> findings, List<Section> sections) {
    /** A browser then refuses whatever the page might load. */
    private static final String NOTHING_ELSE =
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

    Page {
        findings = List.copyOf(findings);
        sections = List.copyOf(sections);
    }

    String text() {
        String name = "Sweep " + results.sweepId();
        return document(html(
                        head(
                                meta().withCharset("utf-8"),
                                meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                                meta().attr("http-equiv", "Content-Security-Policy")
                                        .withContent(NOTHING_ELSE),
                                title(name),
                                style(rawHtml(resource("page.css")))),
                        body(
                                h1(name),
                                opening(),
                                nav(ul(each(
                                        sections,
                                        section -> li(a(section.link()).withHref("#" + section.id()))))),
                                each(sections, section -> section.html().withId(section.id())),
                                div().withId("tip").attr("role", "status"),
                                script(rawHtml(resource("page.js")))))
                .withLang("en"));
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream("/report/" + name)) {
            if (in == null) {
                throw new IllegalStateException("The program lacks its resource report/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DivTag opening() {
        DivTag opening = div();
        if (results.generated()) {
            opening.with(
                    p("Some or all images are generated, not photographs: these numbers show that the program works,"
                                    + " not how good a student is.")
                            .withClass("warning"));
        }
        results.computedBy()
                .mixed()
                .ifPresent(sentence -> opening.with(p(sentence).withClass("warning")));
        race.lines().forEach(sentence -> opening.with(p(sentence).withClass("verdict")));
        for (Findings each : race.isEmpty() ? findings : List.<Findings>of()) {
            String sentence = new Verdict(each).sentence();
            opening.with(p(findings.size() == 1 ? sentence : each.panel().title() + ": " + sentence)
                    .withClass("verdict"));
        }
        return opening.with(p(results.finished().size() + " of " + results.planned() + " planned trials are finished, "
                        + results.endedEarly()
                        + ". Test numbers are those after the last epoch. Point at or touch"
                        + " a cell or mark in a chart for its numbers.")
                .withClass("soft"));
    }
}
