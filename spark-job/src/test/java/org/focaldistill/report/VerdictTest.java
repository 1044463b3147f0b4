package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Seeds;
import org.focaldistill.sweep.Trial;
import org.junit.jupiter.api.Test;

class VerdictTest {
    /** Of a baseline and another cell. */
    private static Verdict of(Seeds seeds) {
        Trial[] trials = Stream.of(SampleOutcomes.trial(0, 1, 0, 1), SampleOutcomes.trial(0.1, 0.9, 0, 1))
                .flatMap(cell -> seeds.all().stream().map(seed -> SampleOutcomes.with(cell, seed)))
                .toArray(Trial[]::new);
        return new Verdict(SampleFindings.of(trials).get(0));
    }

    @Test
    void says_what_was_varied_and_what_was_not() {
        assertThat(of(Seeds.of(List.of(1L, 2L, 3L))).sentence())
                .startsWith("With 3 seeds (data order and initial weights), ")
                .endsWith(" it says nothing of other images, longer training or other networks.");
        assertThat(of(Seeds.crossed(List.of(1L, 2L, 3L), List.of(1L))).sentence())
                .startsWith("With 3 seeds of data order, all from one initialisation, ")
                .endsWith(
                        " it says nothing of other initialisations, other images, longer training or other networks.");
        assertThat(of(Seeds.crossed(List.of(1L), List.of(1L, 2L))).sentence())
                .startsWith("With 2 seeds of initial weights, all with one data order, ")
                .endsWith(" it says nothing of other data orders, other images, longer training or other networks.");
        assertThat(of(Seeds.crossed(List.of(1L, 2L, 3L), List.of(1L, 2L))).sentence())
                .startsWith("With 3 data x 2 init seeds, ")
                .endsWith(" it says nothing of other images, longer training or other networks.");
        assertThat(of(Seeds.of(List.of(1L))).sentence())
                .startsWith("With one seed nothing can be said")
                .endsWith("; more sweep.seeds would tell.");
    }

    @Test
    void of_crossed_seeds_it_says_where_the_noise_is_from() {
        assertThat(of(Seeds.crossed(List.of(1L, 2L, 3L), List.of(1L, 2L))).details())
                .anySatisfy(detail -> assertThat(detail)
                        .contains("from data order, ", "from initial weights, ", "from the two together; ")
                        .doesNotContain("correlated"));
        assertThat(of(Seeds.of(List.of(1L, 2L, 3L))).details())
                .anySatisfy(detail -> assertThat(detail)
                        .contains("(standard deviation, 2 degrees of freedom); values of one seed are correlated"));
    }
}
