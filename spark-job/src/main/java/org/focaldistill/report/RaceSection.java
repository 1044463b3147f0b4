package org.focaldistill.report;

import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;

import j2html.tags.specialized.SectionTag;
import java.util.Comparator;
import java.util.List;
import org.focaldistill.sweep.race.Question;
import org.focaldistill.sweep.race.RaceRow;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/** How a race was decided, cell by cell. */
record RaceSection(RaceAnswers answers) implements Section {
    private static final String NOTHING = "-";
    private static final String HOW =
            "All cells began with a few seeds; those about which the question was answered got no"
                    + " more. The intervals of this section hold for all cells and all looks together. The other sections compare"
                    + " cells by the seeds that all of them have.";

    @Override
    public String id() {
        return "race";
    }

    @Override
    public String link() {
        return "The race";
    }

    @Override
    public SectionTag html() {
        SectionTag section = section(h2(link()), p(HOW).withClass("soft"));
        answers.byPair().forEach((pair, cells) -> {
            section.with(h3(pair));
            section.with(p(RaceAnswers.sentence(cells)), grid(cells).html());
        });
        return section;
    }

    @Override
    public String markdown() {
        StringBuilder text = new StringBuilder("\n## " + link() + "\n\n" + HOW + "\n");
        answers.byPair()
                .forEach((pair, cells) -> text.append("\n### ")
                        .append(pair)
                        .append("\n\n")
                        .append(RaceAnswers.sentence(cells))
                        .append("\n\n")
                        .append(grid(cells).markdown()));
        return text.toString();
    }

    /** The most interesting first. */
    private static TextGrid grid(List<RaceAnswers.Cell> cells) {
        RaceRow any = cells.get(0).row();
        String from = any.question() == Question.BEST ? "from the leader's" : "from the baseline's";
        TextGrid grid = new TextGrid(List.of(
                "cell", "state", "seeds", any.by().title(any.heldOut()) + " " + from, "by noise alone, at most"));
        cells.stream()
                .sorted(Comparator.comparing(
                                (RaceAnswers.Cell cell) -> cell.row().state())
                        .thenComparingDouble(cell -> -gain(cell.row())))
                .forEach(cell -> grid.add(List.of(
                        cell.name(),
                        Words.of(cell.row().state()).replace('-', ' '),
                        Integer.toString(cell.row().seeds()),
                        number(cell.row(), cell.row().difference(), true),
                        number(cell.row(), cell.row().reach(), false))));
        return grid;
    }

    private static double gain(RaceRow row) {
        Double difference = row.difference();
        return difference == null ? Double.NEGATIVE_INFINITY : row.by().better().gain(difference);
    }

    private static String number(RaceRow row, @Nullable Double value, boolean signed) {
        if (value == null) {
            return NOTHING;
        }
        int decimals = row.by().decimals();
        return signed ? Decimals.signed(value, decimals) : Decimals.fixed(value, decimals);
    }
}
