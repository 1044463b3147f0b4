package org.focaldistill.report.study;

import static j2html.TagCreator.h2;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;

import j2html.tags.specialized.SectionTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.report.Decimals;
import org.focaldistill.report.Findings;
import org.focaldistill.report.Quantity;
import org.focaldistill.report.Section;
import org.focaldistill.report.TextGrid;
import org.focaldistill.sweep.Trial;

/**
 * The study's baselines beside those of the networks' published zoo and of this sweep.
 *
 * <p>Study: its Table 1. Zoo: Tian, Krishnan and Isola, Contrastive Representation Distillation, 2020, as its code's
 * README gives them for 240 epochs of 50,000 images.
 */
final class StudyTable implements Section {
    private static final List<Row> ROWS = List.of(
            new Row("resnet56", "resnet20", 71.63, 67.51, 72.34, 69.06, 70.66),
            new Row("resnet110", "resnet20", 71.77, 67.51, 74.31, 69.06, 70.67),
            new Row("resnet32x4", "ShuffleV1", 77.55, 71.67, 79.42, 70.50, 74.07),
            new Row("wrn_40_2", "ShuffleV1", 75.10, 71.67, 75.61, 70.50, 74.83));
    private static final String NOT_RUN = "not run";

    /** Top-1 in percent; {@code zooKd} is the student distilled with the zoo's usual weights. */
    private record Row(
            String teacher,
            String student,
            double studyTeacher,
            double studyStudent,
            double zooTeacher,
            double zooStudent,
            double zooKd) {

        boolean isPairOf(Trial trial) {
            return trial.teacher().equals(teacher) && trial.student().equals(student);
        }
    }

    private final TextGrid grid;

    private StudyTable(TextGrid grid) {
        this.grid = grid;
    }

    /** The table where any panel's pair is one of the study's, by the names of teacher and student. */
    static Optional<StudyTable> of(List<Findings> panels) {
        boolean ofTheStudy =
                ROWS.stream().anyMatch(row -> panels.stream().anyMatch(panel -> row.isPairOf(panel.common())));
        return ofTheStudy ? Optional.of(new StudyTable(grid(panels))) : Optional.empty();
    }

    private static TextGrid grid(List<Findings> panels) {
        TextGrid grid = new TextGrid(List.of(
                "pair",
                "teacher: study",
                "zoo",
                "ours",
                "student: study",
                "zoo",
                "ours",
                "with teacher: zoo",
                "ours, best by CE"));
        for (Row row : ROWS) {
            Optional<Findings> ours = panels.stream()
                    .filter(panel -> row.isPairOf(panel.common())
                            && !panel.common().data().generated())
                    .findFirst();
            List<String> cells = new ArrayList<>(List.of(row.teacher + " → " + row.student));
            cells.addAll(List.of(
                    two(row.studyTeacher),
                    two(row.zooTeacher),
                    ours.map(StudyTable::teacher).orElse(NOT_RUN)));
            cells.addAll(List.of(
                    two(row.studyStudent),
                    two(row.zooStudent),
                    ours.map(StudyTable::plain).orElse(NOT_RUN)));
            cells.addAll(List.of(two(row.zooKd), ours.map(StudyTable::distilled).orElse(NOT_RUN)));
            grid.add(cells);
        }
        return grid;
    }

    private static String two(double value) {
        return Decimals.fixed(value, 2);
    }

    private static String teacher(Findings ours) {
        return two(100 * ours.teacher().testTop1());
    }

    private static String plain(Findings ours) {
        return ours.meanAndSd(Quantity.TEST_TOP1, LossWeights.CROSS_ENTROPY);
    }

    private static String distilled(Findings ours) {
        return ours.best().map(best -> best.estimateAndCell(Quantity.TEST_TOP1)).orElse("-");
    }

    @Override
    public String id() {
        return "study";
    }

    @Override
    public String link() {
        return "The study's Table 1";
    }

    @Override
    public SectionTag html() {
        return section(
                h2("The study's Table 1 beside ours"),
                grid.html(),
                p("Test top-1 in percent. Study and zoo trained 240 epochs on all 50,000 images; ours as the"
                        + " settings below say, mean ± standard deviation of the seeds, a teacher being matched by"
                        + " its name, and of the best cell the estimate that each pair's section explains. Recipes differ even between study and zoo, so compare what a teacher adds,"
                        + " not the accuracies."));
    }

    @Override
    public String markdown() {
        return "\n## The study's Table 1 beside ours (test top-1, %)\n\n" + grid.markdown();
    }
}
