package org.focaldistill.sweep.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.focaldistill.sweep.noise.Outcomes.NOISE;
import static org.focaldistill.sweep.noise.Outcomes.draw;
import static org.focaldistill.sweep.noise.Outcomes.grid;
import static org.focaldistill.sweep.noise.Outcomes.isRate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {
    private static final LossWeights BASELINE = grid(1, 1).get(0);
    private static final int TRIES = 2000;

    private static Map<Seed, Double> seeds(double... values) {
        Map<Seed, Double> seeds = new TreeMap<>();
        for (double value : values) {
            seeds.put(Seed.plain(seeds.size() + 1, 1), value);
        }
        return seeds;
    }

    @Test
    void pairsByHand() {
        Map<LossWeights, Map<Seed, Double>> measured = new LinkedHashMap<>();
        measured.put(BASELINE, seeds(1, 2, 4));
        measured.put(grid(2, 1).get(1), seeds(2, 4, 5));
        Comparison comparison = Comparison.of(BASELINE, Better.HIGHER, measured).orElseThrow();

        CellDifference difference = comparison.differences().get(0);
        assertThat(difference.mean()).isCloseTo(4.0 / 3, within(1e-12));
        // Differences 1, 2, 1: variance 1/3; t of 2 degrees of freedom at 97.5 % is 4.302653.
        assertThat(difference.sd()).isCloseTo(Math.sqrt(1.0 / 3), within(1e-12));
        assertThat(difference.alone().low()).isCloseTo(4.0 / 3 - 4.302653 / 3, within(1e-6));
        // Two cells alone: the pooled noise is the paired one, and Dunnett's limit is Student's.
        assertThat(difference.among().low()).isCloseTo(difference.alone().low(), within(1e-3));
        // Covariance 7/3, variances 7/3 and 7/3.
        assertThat(difference.correlation()).isCloseTo(13.0 / 14, within(1e-9));
        assertThat(comparison.noise().sd()).isCloseTo(Math.sqrt(1.0 / 6), within(1e-12));
        assertThat(comparison.noise().degreesOfFreedom()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"13,3", "13,5", "5,2", "101,3"})
    void raisesAFalseAlarmAsOftenAsPromised(int cells, int seeds) {
        Random random = new Random(20260 + cells + seeds);
        int alarms = 0;
        int wrongBest = 0;
        int tries = cells > 50 ? 300 : TRIES;
        for (int i = 0; i < tries; i++) {
            Tried tried = tried(draw(random, grid(cells, 1), seeds, cell -> 0));
            alarms += tried.alarms ? 1 : 0;
            wrongBest += tried.comparison.contenders().contains(BASELINE) ? 0 : 1;
        }

        assertThat(isRate(alarms, tries, Comparison.LEVEL))
                .as(alarms + " of " + tries)
                .isTrue();
        // All cells are equally good, so each is a best one, and leaving this one out is wrong.
        assertThat(wrongBest).isLessThanOrEqualTo((int) (tries * 0.05 + 4 * Math.sqrt(tries * 0.05 * 0.95)));
    }

    private record Tried(Comparison comparison, boolean alarms) {}

    private static Tried tried(Map<LossWeights, Map<Seed, Double>> measured) {
        Comparison comparison = Comparison.of(BASELINE, Better.LOWER, measured).orElseThrow();
        return new Tried(comparison, comparison.differences().stream().anyMatch(CellDifference::beyondNoise));
    }

    @Test
    void findsTheSmallestEffectAsOftenAsPromised() {
        Random random = new Random(77);
        LossWeights better = grid(13, 1).get(7);
        // For the true noise; a comparison only has an estimate of it.
        double effect = 0;
        for (int i = 0; i < 200; i++) {
            Comparison nothing = tried(draw(random, grid(13, 1), 4, cell -> 0)).comparison;
            effect += nothing.smallestEffect() * NOISE / nothing.noise().sd() / 200;
        }
        int found = 0;
        int held = 0;
        for (int i = 0; i < TRIES; i++) {
            double shift = effect;
            Comparison comparison =
                    tried(draw(random, grid(13, 1), 4, cell -> cell.equals(better) ? -shift : 0)).comparison;
            found += comparison.betterBeyondNoise().stream()
                            .anyMatch(each -> each.cell().equals(better))
                    ? 1
                    : 0;
            held += comparison.contenders().contains(better) ? 1 : 0;
        }

        assertThat(found / (double) TRIES).isBetween(0.77, 0.83);
        assertThat(held).isGreaterThanOrEqualTo((int) (0.95 * TRIES - 4 * Math.sqrt(TRIES * 0.95 * 0.05)));
    }

    @Test
    void coversTheTrueDifferenceOfTheCellThatCameOutBest() {
        Random random = new Random(5);
        List<LossWeights> cells = grid(10, 1);
        int covered = 0;
        int coveredAlone = 0;
        for (int i = 0; i < TRIES; i++) {
            CellDifference best =
                    tried(draw(random, cells, 3, cell -> 0)).comparison.best().orElseThrow();
            covered += best.beyondNoise() ? 0 : 1;
            coveredAlone += best.alone().excludesZero() ? 0 : 1;
        }

        assertThat(covered).isGreaterThanOrEqualTo((int) (0.95 * TRIES));
        // What picking does to an interval that does not know of it.
        assertThat(coveredAlone).isLessThan((int) (0.93 * TRIES));
    }

    @Test
    void measuresNoiseAndCorrelationOfPairs() {
        Comparison comparison = tried(draw(new Random(3), grid(10, 10), 40, cell -> 10 * cell.alpha())).comparison;

        // Seeds have a standard deviation of 0.4, the noise one of 0.3: 0.16 / 0.25 is common to a pair.
        assertThat(comparison.noise().sd()).isCloseTo(NOISE, within(0.01));
        assertThat(comparison.noise().correlationInterval().low()).isLessThan(0.64);
        assertThat(comparison.noise().correlationInterval().high()).isGreaterThan(0.64);
        assertThat(comparison.noise().pairCorrelation()).isCloseTo(0.64, within(0.15));
        assertThat(comparison.noise().outlier()).isNull();
    }

    @Test
    void saysNothingAboutNoiseWithOneSeed() {
        Comparison comparison = tried(draw(new Random(3), grid(3, 3), 1, cell -> cell.gamma())).comparison;

        assertThat(comparison.noise()).isNull();
        assertThat(comparison.smallestEffect()).isNull();
        assertThat(comparison.contenders()).isEmpty();
        assertThat(comparison.differences()).hasSize(8).allSatisfy(difference -> {
            assertThat(difference.sd()).isNull();
            assertThat(difference.among()).isNull();
            assertThat(difference.beyondNoise()).isFalse();
        });
    }

    @Test
    void leavesCellsOutThatLackASeedAndSaysSo() {
        Map<LossWeights, Map<Seed, Double>> measured = draw(new Random(9), grid(4, 3), 3, cell -> 0);
        LossWeights incomplete = grid(4, 3).get(5);
        measured.get(incomplete).remove(Seed.plain(2, 2));

        Comparison comparison = Comparison.of(BASELINE, Better.LOWER, measured).orElseThrow();

        assertThat(comparison.table().cells()).hasSize(11).doesNotContain(incomplete);
        assertThat(comparison.notJudged()).singleElement().satisfies(difference -> {
            assertThat(difference.cell()).isEqualTo(incomplete);
            assertThat(difference.pairs()).isEqualTo(2);
            assertThat(difference.alone()).isNotNull();
        });
    }

    @Test
    void dropsASeedThatHasHardlyBegunInsteadOfTheCells() {
        Map<LossWeights, Map<Seed, Double>> measured = draw(new Random(9), grid(4, 3), 3, cell -> 0);
        grid(4, 3).subList(2, 12).forEach(cell -> measured.get(cell).remove(Seed.plain(3, 3)));

        Comparison comparison = Comparison.of(BASELINE, Better.LOWER, measured).orElseThrow();

        assertThat(comparison.table().cells()).hasSize(12);
        assertThat(comparison.table().seeds()).containsExactly(Seed.plain(1, 1), Seed.plain(2, 2));
    }

    @Test
    void hasNothingToCompareWithoutTheBaseline() {
        Map<LossWeights, Map<Seed, Double>> measured = draw(new Random(9), grid(4, 3), 3, cell -> 0);
        measured.remove(BASELINE);

        assertThat(Comparison.of(BASELINE, Better.LOWER, measured)).isEmpty();
    }

    @Test
    void namesACellThatIsMuchNoisierThanTheOthers() {
        Map<LossWeights, Map<Seed, Double>> measured = draw(new Random(9), grid(4, 3), 5, cell -> 0);
        LossWeights wild = grid(4, 3).get(7);
        measured.put(wild, seeds(10, 50, 90, 20, 70));
        Map<Seed, Double> renamed = new TreeMap<>();
        measured.get(wild).forEach((seed, value) -> renamed.put(Seed.plain(seed.data(), seed.data()), value));
        measured.put(wild, renamed);

        assertThat(Comparison.of(BASELINE, Better.LOWER, measured)
                        .orElseThrow()
                        .noise()
                        .outlier())
                .isEqualTo(wild);
    }

    @Test
    void survivesValuesWithoutAnyNoise() {
        Map<LossWeights, Map<Seed, Double>> measured = new LinkedHashMap<>();
        measured.put(BASELINE, seeds(1, 1, 1));
        measured.put(grid(2, 1).get(1), seeds(1, 1, 1));
        measured.put(grid(3, 1).get(2), seeds(2, 2, 2));

        Comparison comparison = Comparison.of(BASELINE, Better.HIGHER, measured).orElseThrow();

        assertThat(comparison.differences()).extracting(comparison::p).containsExactly(1.0, 0.0);
        assertThat(comparison.betterBeyondNoise()).hasSize(1);
        assertThat(comparison.contenders()).containsExactly(grid(3, 1).get(2));
    }
}
