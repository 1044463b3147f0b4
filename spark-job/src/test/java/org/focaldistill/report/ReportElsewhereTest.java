package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.report.study.PublishedStudy;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.ResultStore;
import org.focaldistill.testing.Defaults;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written of a sweep in other countries. */
class ReportElsewhereTest {

    @TempDir
    private static Path folder;

    private static org.apache.hadoop.fs.Path results;
    private static Map<String, String> here;

    @BeforeAll
    static void aSweepWrittenElsewhere() throws IOException {
        results = new org.apache.hadoop.fs.Path(folder.toUri());
        try (Defaults elsewhere = new Defaults("fa-IR", "Asia/Tokyo")) {
            SampleSweep.write(new ResultStore(new Configuration(), results), 2, 0.2);
        }
        here = written("en-US", "UTC");
        assertThat(here.keySet()).contains("report.html", "show", "status", "tables.csv");
        assertThat(here.get("show")).containsPattern("started_at +[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z");
        assertThat(here.get("report.html")).containsPattern("finished \\(UTC\\): [0-9]{4}-[0-9]{2}-[0-9]{2}");
    }

    @ParameterizedTest
    @CsvSource({"tr-TR, America/Los_Angeles", "ar-EG, Asia/Tokyo", "hi-IN-u-nu-deva, America/Los_Angeles"})
    void everything_written_is_the_same_in_every_locale_and_time_zone(String locale, String zone) throws IOException {
        assertThat(written(locale, zone)).isEqualTo(here);
    }

    /** The report's page with its pictures, its other texts and what is said of the sweep and a trial, by name. */
    private static Map<String, String> written(String locale, String zone) throws IOException {
        Map<String, String> written = new TreeMap<>();
        try (Defaults elsewhere = new Defaults(locale, zone)) {
            ResultStore store = new ResultStore(new Configuration(), results);
            OpenTrials open = new OpenTrials(new Configuration(), results);
            Report report = Report.of(store, null);
            StringBuilder text = new StringBuilder(report.trialTable());
            report.tables().forEach(table -> text.append(table.text()));
            report.verdicts().forEach(text::append);
            written.put("text", text.toString());
            written.put(
                    "status", SweepStatus.read(store, open, null, null, null).text());
            String trial = store.trials().stream()
                    .map(outcome -> outcome.trial().id())
                    .min(String::compareTo)
                    .orElseThrow();
            written.put("show", TrialDetails.of(store, open, trial));
            SweepDetails details = report.details();
            written.putAll(
                    report.texts(report.panelSections(details), details, "focaldistill report", new PublishedStudy()));
        }
        return written;
    }
}
