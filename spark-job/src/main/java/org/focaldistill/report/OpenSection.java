package org.focaldistill.report;

import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;

import j2html.tags.specialized.SectionTag;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.OpenEpochRow;
import org.focaldistill.sweep.Trial;

/**
 * Trials that have not ended: what each has reached, and the curves of those that no panel has a place for, as none of theirs
 * has ended.
 *
 * @param open the trials' courses
 * @param panels what the trials of each panel have in common
 */
record OpenSection(Collection<List<OpenEpochRow>> open, Set<Trial> panels) implements Section {
    private static final String NOT_COUNTED =
            "They count in nothing else of this report; in the training curves they are called open and have lines of short"
                    + " dashes. Epochs are as they were when the trial was heard of last.";
    private static final String NOTHING = "-";

    @Override
    public String id() {
        return "open";
    }

    @Override
    public String link() {
        return "Trials that have not ended";
    }

    @Override
    public SectionTag html() {
        SectionTag section = section(h2(link()), p(NOT_COUNTED).withClass("soft"), grid().html());
        int number = 0;
        for (Map.Entry<Trial, List<List<OpenEpochRow>>> panel :
                OpenCourses.byPanel(open).entrySet()) {
            if (!panels.contains(panel.getKey())) {
                List<Chart> charts = new Courses(Map.of(), List.of(), panel.getValue(), Map.of()).charts();
                section.with(h3(Panel.pair(panel.getKey())), Chart.gallery(id() + "-" + number, charts));
                number++;
            }
        }
        return section;
    }

    @Override
    public String markdown() {
        return "\n## " + link() + "\n\n" + NOT_COUNTED + "\n\n" + grid().markdown();
    }

    private TextGrid grid() {
        TextGrid grid = new TextGrid(List.of(
                "pair", "cell and seed", "epoch", "training CE", "validation top-1 (%)", "images/s", "heard of (UTC)"));
        OpenCourses.byPanel(open).values().forEach(panel -> panel.forEach(course -> add(grid, course)));
        return grid;
    }

    private static void add(TextGrid grid, List<OpenEpochRow> course) {
        OpenEpochRow newest = course.get(course.size() - 1);
        Trial trial = newest.trial();
        EpochRow epoch = newest.epoch();
        grid.add(List.of(
                Panel.pair(trial),
                OpenCourses.name(trial),
                epoch.epoch() + " of " + trial.recipe().epochs(),
                Decimals.fixed(epoch.train().components().ce(), 3),
                epoch.valTop1() == null ? NOTHING : Decimals.fixed(100 * epoch.valTop1(), 2),
                Decimals.fixed(epoch.imagesPerSecond(), 0),
                newest.writtenAt().truncatedTo(ChronoUnit.SECONDS).toString()));
    }
}
