package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.race.CellState;
import org.focaldistill.sweep.race.Question;
import org.focaldistill.sweep.race.RaceEnd;
import org.focaldistill.sweep.race.RaceQuantity;
import org.focaldistill.sweep.race.RaceRow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RaceAnswersTest {
    private static RaceRow row(double alpha, CellState state, double noiseSd, @Nullable Double noisySd) {
        return new RaceRow(
                "race",
                SampleOutcomes.trial(alpha, 1 - alpha, 0, 1),
                Question.BEST,
                RaceQuantity.CE,
                false,
                0,
                3,
                4,
                5,
                state,
                4,
                0.1,
                0.05,
                noiseSd,
                noisySd,
                RaceEnd.ANSWERED);
    }

    private static String told(double noiseSd, @Nullable Double noisySd) {
        return RaceAnswers.of(
                        List.of(row(0, CellState.BEST, noiseSd, null), row(0.5, CellState.BEATEN, noiseSd, noisySd)))
                .lines()
                .get(0);
    }

    @Test
    void a_cell_that_is_much_noisier_is_named_with_how_much_and_what_that_means() {
        assertThat(told(0.01, 0.052))
                .contains("alpha 0.5, beta 0.5, gamma 0 is much noisier than the other cells: from seed to seed it"
                        + " moves 5.2 times as far as they do")
                .contains("judged by that", "more seeds");
        assertThat(told(0, 0.052)).contains("it moves where they do not");
    }

    @Test
    void of_noise_that_is_alike_nothing_is_said() {
        assertThat(told(0.01, null))
                .contains("the best cell by test CE is alpha 0")
                .doesNotContain("noisier");
    }
}
