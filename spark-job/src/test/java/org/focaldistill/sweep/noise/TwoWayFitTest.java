package org.focaldistill.sweep.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.focaldistill.sweep.noise.Outcomes.NOISE;
import static org.focaldistill.sweep.noise.Outcomes.draw;
import static org.focaldistill.sweep.noise.Outcomes.grid;
import static org.focaldistill.sweep.noise.Outcomes.isRate;

import java.util.Map;
import java.util.Random;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwoWayFitTest {
    private static final int TRIES = 500;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void raisesFalseAlarmsAsOftenAsPromised(int seeds) {
        Random random = new Random(11 + seeds);
        int gammaAlarms = 0;
        int levelAlarms = 0;
        int interactions = 0;
        for (int i = 0; i < TRIES; i++) {
            // Alpha has an effect; gamma has none.
            TwoWayFit fit = TwoWayFit.of(draw(random, grid(3, 4), seeds, cell -> 20 * cell.alpha()))
                    .orElseThrow();
            gammaAlarms += fit.gamma().beyondNoise() ? 1 : 0;
            levelAlarms += fit.gamma().levels().stream()
                            .anyMatch(level -> level.interval().excludesZero())
                    ? 1
                    : 0;
            interactions += fit.interactionP() != null && fit.interactionP() < 0.05 ? 1 : 0;
        }

        assertThat(isRate(gammaAlarms, TRIES, 0.05)).as("F: " + gammaAlarms).isTrue();
        assertThat(isRate(levelAlarms, TRIES, 0.05))
                .as("levels: " + levelAlarms)
                .isTrue();
        assertThat(seeds == 1 || isRate(interactions, TRIES, 0.05))
                .as("interaction: " + interactions)
                .isTrue();
    }

    @Test
    void raisesFalseAlarmsAsOftenAsPromisedWhereSeedsAreCrossed() {
        Random random = new Random(8);
        int tries = 400;
        int alarms = 0;
        int levelAlarms = 0;
        int interactions = 0;
        int alarmsByRepetitions = 0;
        for (int i = 0; i < tries; i++) {
            Map<LossWeights, Map<Seed, Double>> measured = new Crossing(5, 2, 0, 0.5, 0.1).draw(random, grid(3, 4));
            TwoWayFit fit = TwoWayFit.of(measured).orElseThrow();
            alarms += fit.gamma().beyondNoise() ? 1 : 0;
            levelAlarms += fit.gamma().levels().stream()
                            .anyMatch(level -> level.interval().excludesZero())
                    ? 1
                    : 0;
            interactions += fit.interactionP() < 0.05 ? 1 : 0;
            TwoWayFit repetitions =
                    TwoWayFit.of(Crossing.asRepetitions(measured)).orElseThrow();
            alarmsByRepetitions += repetitions.gamma().beyondNoise() ? 1 : 0;
        }

        assertThat(isRate(alarms, tries, 0.05)).as("F: " + alarms).isTrue();
        assertThat(isRate(levelAlarms, tries, 0.05))
                .as("levels: " + levelAlarms)
                .isTrue();
        assertThat(isRate(interactions, tries, 0.05))
                .as("interaction: " + interactions)
                .isTrue();
        assertThat(alarmsByRepetitions).isGreaterThan(tries / 4);
    }

    @Test
    void findsEffectsOfKnownSize() {
        TwoWayFit fit = TwoWayFit.of(draw(new Random(4), grid(3, 4), 5, cell -> 20 * cell.alpha() - 100 * cell.gamma()))
                .orElseThrow();

        assertThat(fit.alpha().levels()).hasSize(2);
        assertThat(fit.alpha().levels().get(1).value()).isEqualTo(0.2);
        assertThat(fit.alpha().levels().get(1).interval().low()).isLessThan(4);
        assertThat(fit.alpha().levels().get(1).interval().high()).isGreaterThan(4);
        assertThat(fit.alpha().levels().get(1).effect()).isCloseTo(4, within(0.4));
        assertThat(fit.gamma().levels().get(2).effect()).isCloseTo(-3, within(0.4));
        assertThat(fit.alpha().beyondNoise()).isTrue();
        assertThat(fit.gamma().beyondNoise()).isTrue();
        assertThat(fit.interactionP()).isGreaterThan(0.001);
        assertThat(fit.restSd()).isCloseTo(NOISE, within(0.1));
        assertThat(fit.degreesOfFreedom()).isEqualTo(60 - 10);
    }

    @Test
    void seesWhatTheWeightsDoOnlyTogether() {
        TwoWayFit fit = TwoWayFit.of(draw(new Random(4), grid(3, 4), 4, cell -> 5000 * cell.alpha() * cell.gamma()))
                .orElseThrow();

        assertThat(fit.interactionP()).isLessThan(1e-6);
    }

    @Test
    void fitsAGridWithAGap() {
        Map<LossWeights, Map<Seed, Double>> measured =
                draw(new Random(4), grid(3, 4), 3, cell -> 20 * cell.alpha() - 100 * cell.gamma());
        measured.remove(grid(3, 4).get(6));

        TwoWayFit fit = TwoWayFit.of(measured).orElseThrow();

        assertThat(fit.alpha().levels().get(0).effect()).isCloseTo(2, within(0.5));
        assertThat(fit.gamma().levels().get(0).effect()).isCloseTo(-1, within(0.5));
    }

    @Test
    void fitsAGridOfOneRow() {
        TwoWayFit fit =
                TwoWayFit.of(draw(new Random(4), grid(1, 6), 3, cell -> 0)).orElseThrow();

        assertThat(fit.alpha()).isNull();
        assertThat(fit.gamma().levels()).hasSize(5);
        assertThat(TwoWayFit.of(draw(new Random(4), grid(1, 2), 2, cell -> 0))).isPresent();
    }

    @Test
    void givesNoEffectsWhereTheyCanNotBeToldApart() {
        Map<LossWeights, Map<Seed, Double>> diagonal = draw(new Random(4), grid(3, 3), 3, cell -> 0);
        diagonal.keySet().removeIf(cell -> Math.abs(cell.alpha() * 10 - cell.gamma() * 100) > 0.5);
        assertThat(diagonal).hasSize(3);

        assertThat(TwoWayFit.of(diagonal)).isEmpty();
        assertThat(TwoWayFit.of(Map.of())).isEmpty();
        assertThat(TwoWayFit.of(draw(new Random(4), grid(1, 1), 3, cell -> 0))).isEmpty();
        assertThat(TwoWayFit.of(draw(new Random(4), grid(1, 3), 1, cell -> 0))).isEmpty();
    }
}
