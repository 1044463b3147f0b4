package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.NumericSetting;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Seed;
import org.focaldistill.sweep.Trial;
import org.junit.jupiter.api.Test;

class SurfaceSectionTest {
    private static List<Finished> finished(List<Seed> seeds, double... temperatures) {
        List<Finished> finished = new ArrayList<>();
        for (Seed seed : seeds) {
            for (double temperature : temperatures) {
                for (double alpha : new double[] {0.1, 0.5, 0.9}) {
                    for (double gamma : new double[] {0, 0.1, 0.3}) {
                        LossSettings loss = new LossSettings(
                                new LossWeights(alpha, 1 - alpha, gamma),
                                temperature,
                                KlDirection.TEACHER_STUDENT,
                                FocalForm.FIXED,
                                2);
                        Trial trial = SampleOutcomes.with(SampleOutcomes.trial(loss, 1, false), seed);
                        finished.add(new Finished(SampleOutcomes.ok(trial), Set.of(Role.GRID)));
                    }
                }
            }
        }
        return finished;
    }

    private static List<Seed> seeds(int count) {
        List<Seed> seeds = new ArrayList<>();
        for (long seed = 1; seed <= count; seed++) {
            seeds.add(Seed.of(seed));
        }
        return seeds;
    }

    @Test
    void all_seeds_of_a_pair_are_in_one_surface_plain_and_scattered_ones() {
        SurfaceSection section = SurfaceSection.of(finished(seeds(3), 4), null);
        assertThat(section.charts()).hasSize(6);
        assertThat(section.markdown())
                .contains("test CE: fitted to 27 trials, of their places best at alpha 0.1, gamma")
                .doesNotContain("fitted to 9");
        assertThat(section.html().render()).contains("Fitted over two axes");
    }

    @Test
    void other_axes_can_be_chosen_and_what_else_varies_is_held_at_its_mean() {
        List<NumericSetting> axes = List.of(NumericSetting.ALPHA, NumericSetting.TEMPERATURE);
        assertThat(SurfaceSection.of(finished(seeds(2), 1, 2, 100), axes).markdown())
                .contains("test CE: fitted to 54 trials", "temperature", "what else varies at its mean");
        assertThat(SurfaceSection.of(finished(seeds(2), 4), axes).unfitted())
                .singleElement()
                .asString()
                .endsWith("nothing is fitted over alpha and temperature, as all trials have one temperature; they vary"
                        + " alpha and gamma");
    }

    @Test
    void crossed_seeds_are_no_blocks_so_nothing_is_fitted() {
        List<Seed> crossed = List.of(Seed.plain(1, 1), Seed.plain(1, 2), Seed.plain(2, 1), Seed.plain(2, 2));
        assertThat(SurfaceSection.of(finished(crossed, 4), null).isEmpty()).isTrue();
        SurfaceSection asked =
                SurfaceSection.of(finished(crossed, 4), List.of(NumericSetting.ALPHA, NumericSetting.GAMMA));
        assertThat(asked.unfitted()).singleElement().asString().contains("nothing is fitted over alpha and gamma");
        assertThat(asked.markdown()).contains("nothing is fitted over alpha and gamma");
        assertThat(asked.html().render()).contains("nothing is fitted over alpha and gamma");
    }

    @Test
    void an_axis_with_one_value_in_the_whole_sweep_is_refused_with_those_that_vary() {
        List<Finished> all = finished(seeds(2), 4);
        Report report = new Report(new SweepResults("sweep", all.size(), all, List.of()), null);
        assertThatThrownBy(() -> report.along(List.of("alpha", "temperature")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "all trials of the sweep that can be compared have one temperature; they vary alpha and gamma");
        assertThat(report.along(List.of("alpha", "gamma")).unfitted()).isEmpty();
        Report running = new Report(new SweepResults("sweep", all.size() + 1, all, List.of()), null);
        assertThat(running.along(List.of("alpha", "temperature")).unfitted()).hasSize(1);
    }
}
