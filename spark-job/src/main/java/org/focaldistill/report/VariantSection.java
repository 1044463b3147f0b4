package org.focaldistill.report;

import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;

import j2html.tags.specialized.SectionTag;
import java.util.List;
import java.util.stream.Collectors;

/** Which variant of the loss is better than the plain one, by yardsticks that are the same for all. */
final class VariantSection implements Section {
    private static final String HOW =
            "Totals of different losses do not compare, so all are measured alike: accuracy, CE, calibration error, and NLL at"
                    + " the temperature that fits the held-out images best, which is what is left when calibration is mended"
                    + " afterwards. Each difference is paired by seed, with the interval that holds with 95 % together with those of"
                    + " all other losses in its column (Dunnett); a star marks what is beyond noise.";

    private final List<VariantTable> tables;

    VariantSection(List<VariantTable> tables) {
        this.tables = tables;
    }

    @Override
    public String id() {
        return "variants";
    }

    @Override
    public String link() {
        return "Variants of the loss";
    }

    @Override
    public SectionTag html() {
        return section(
                h2(link()),
                p(HOW).withClass("soft"),
                each(
                        tables,
                        table -> section(
                                h3(table.title()),
                                p(table.sentence()),
                                table.grid().html())));
    }

    @Override
    public String markdown() {
        return "\n## " + link() + "\n\n" + HOW + "\n\n"
                + tables.stream()
                        .map(table -> "### " + table.title() + "\n\n" + table.sentence() + "\n\n"
                                + table.grid().markdown())
                        .collect(Collectors.joining("\n"));
    }
}
