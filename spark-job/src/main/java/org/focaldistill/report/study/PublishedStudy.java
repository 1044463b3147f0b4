package org.focaldistill.report.study;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.focaldistill.report.Findings;
import org.focaldistill.report.Section;
import org.focaldistill.report.Supplement;

/**
 * What a report says of the published study: its Table 1 beside ours in a sweep that has one of its pairs, and how a loss
 * gets below zero in a sweep that has one of the focal forms by which it does.
 */
public final class PublishedStudy implements Supplement {
    @Override
    public List<Section> sections(List<Findings> findings) {
        return Stream.<Optional<? extends Section>>of(StudyTable.of(findings), FocalMistakes.of(findings))
                .<Section>flatMap(Optional::stream)
                .toList();
    }
}
