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
        Comparison<LossWeights> comparison =
                Comparison.of(BASELINE, Better.HIGHER, measured).orElseThrow();

        CellDifference<LossWeights> difference = comparison.differences().get(0);
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

    @Test
    void crossedSeedsByHand() {
        Comparison<LossWeights> comparison = compare(new double[][] {{1, 2}, {5, 6}});

        CellDifference<LossWeights> difference = comparison.differences().get(0);
        assertThat(difference.mean()).isEqualTo(3.5);
        // Means of the data seeds are 1.5 and 5.5, of the init seeds 3 and 4; nothing is left. Mean squares 16, 1 and
        // 0, each of
        // one degree of freedom: 17, with 17^2 / (16^2 + 1) = 1.12. Student's t of 1.1 at 97.5 % is 10.276.
        assertThat(difference.alone().high() - 3.5).isCloseTo(10.276 * Math.sqrt(17.0 / 4), within(0.02));
        // The difference of two cells alone has twice the variance of one of them.
        assertThat(comparison.noise().meanSquare()).isCloseTo(8.5, within(1e-12));
        assertThat(comparison.noise().degreesOfFreedom()).isEqualTo(1.1);
        assertThat(difference.among().high()).isCloseTo(difference.alone().high(), within(0.02));
        assertThat(comparison.noise().parts()).isEqualTo(new Noise.Parts(2, 0.5, 0));
        assertThat(comparison.noise().sd()).isCloseTo(Math.sqrt(4.25), within(1e-12));
    }

    @Test
    void crossedSeedsThatCancelOutLeaveTheRestsNoise() {
        Comparison<LossWeights> comparison = compare(new double[][] {{5, 3}, {3, 5}});

        // Both mean squares of the factors are 0, the rest's is 4: Student's t of 1 at 97.5 % is 12.706.
        CellDifference<LossWeights> difference = comparison.differences().get(0);
        assertThat(difference.alone().high() - 4).isCloseTo(12.706 * Math.sqrt(4.0 / 4), within(0.001));
        assertThat(difference.beyondNoise()).isFalse();
    }

    /** A baseline of zeros, and a cell with these values by data and init seed. */
    private static Comparison<LossWeights> compare(double[][] values) {
        Map<LossWeights, Map<Seed, Double>> measured = new LinkedHashMap<>();
        for (int cell = 0; cell < 2; cell++) {
            Map<Seed, Double> own = new TreeMap<>();
            for (int data = 0; data < values.length; data++) {
                for (int init = 0; init < values[data].length; init++) {
                    own.put(Seed.plain(data, init), cell * values[data][init]);
                }
            }
            measured.put(grid(2, 1).get(cell), own);
        }
        return Comparison.of(BASELINE, Better.HIGHER, measured).orElseThrow();
    }

    @Test
    void ofACrossingWithGapsTheTableHasWhatIsWhole() {
        Map<LossWeights, Map<Seed, Double>> measured =
                new Crossing(3, 2, 0.1, 0.1, 0.1).draw(new Random(3), grid(4, 1));
        measured.values().forEach(values -> values.remove(Seed.plain(2, 1)));
        LossWeights shorter = grid(4, 1).get(2);
        measured.get(shorter).remove(Seed.plain(3, 2));

        Comparison<LossWeights> comparison =
                Comparison.of(BASELINE, Better.LOWER, measured).orElseThrow();

        assertThat(comparison.table().seeds())
                .containsExactly(Seed.plain(1, 1), Seed.plain(1, 2), Seed.plain(3, 1), Seed.plain(3, 2));
        assertThat(comparison.table().layout()).isEqualTo(new SeedLayout(2, 2, 4));
        // Left of it are 1/1, 1/2, 2/2 and 3/1, of which no four are a crossing.
        assertThat(comparison.notJudged()).singleElement().satisfies(difference -> {
            assertThat(difference.cell()).isEqualTo(shorter);
            assertThat(difference.pairs()).isEqualTo(2);
        });
    }

    private record Tried(Comparison<LossWeights> comparison, boolean alarms) {}

    private static Tried tried(Map<LossWeights, Map<Seed, Double>> measured) {
        Comparison<LossWeights> comparison =
                Comparison.of(BASELINE, Better.LOWER, measured).orElseThrow();
        return new Tried(comparison, comparison.differences().stream().anyMatch(CellDifference::beyondNoise));
    }

    @Test
    void findsTheSmallestEffectAsOftenAsPromised() {
        Random random = new Random(77);
        LossWeights better = grid(13, 1).get(7);
        // For the true noise; a comparison only has an estimate of it.
        double effect = 0;
        for (int i = 0; i < 200; i++) {
            Comparison<LossWeights> nothing = tried(draw(random, grid(13, 1), 4, cell -> 0)).comparison;
            effect += nothing.smallestEffect() * NOISE / nothing.noise().sd() / 200;
        }
        int found = 0;
        int held = 0;
        for (int i = 0; i < TRIES; i++) {
            double shift = effect;
            Comparison<LossWeights> comparison =
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
            CellDifference<LossWeights> best =
                    tried(draw(random, cells, 3, cell -> 0)).comparison.best().orElseThrow();
            covered += best.beyondNoise() ? 0 : 1;
            coveredAlone += best.alone().excludesZero() ? 0 : 1;
        }

        assertThat(covered).isGreaterThanOrEqualTo((int) (0.95 * TRIES));
        // What picking does to an interval that does not know of it.
        assertThat(coveredAlone).isLessThan((int) (0.93 * TRIES));
    }

    /**
     * Each cell takes to some data orders and initialisations more than others do. Whoever counts the trials of a crossing as
     * repetitions is far too sure.
     */
    @ParameterizedTest
    @CsvSource({"5,2,0,0.5,0.1", "2,4,0.5,0,0.1", "3,3,0.4,0.4,0.2", "4,3,0,0,0.3"})
    void coversTheTrueDifferenceWhereDataAndInitSeedsAreCrossed(
            int data, int init, double ofData, double ofInit, double rest) {
        Random random = new Random(41 + data + init);
        List<LossWeights> cells = grid(6, 1);
        int tries = 250;
        int missed = 0;
        int alarms = 0;
        int missedByRepetitions = 0;
        int alarmsByRepetitions = 0;
        int bestLost = 0;
        for (int i = 0; i < tries; i++) {
            Map<LossWeights, Map<Seed, Double>> measured =
                    new Crossing(data, init, ofData, ofInit, rest).draw(random, cells);
            Tried tried = tried(measured);
            missed += alone(tried).excludesZero() ? 1 : 0;
            alarms += tried.alarms ? 1 : 0;
            bestLost += tried.comparison.contenders().contains(BASELINE) ? 0 : 1;
            Tried repetitions = tried(Crossing.asRepetitions(measured));
            missedByRepetitions += alone(repetitions).excludesZero() ? 1 : 0;
            alarmsByRepetitions += repetitions.alarms ? 1 : 0;
        }

        int most = (int) (tries * 0.05 + 4 * Math.sqrt(tries * 0.05 * 0.95));
        assertThat(List.of(missed, alarms, bestLost))
                .as("missed, alarms, best cells lost")
                .allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(most));
        if (ofData + ofInit > 0) {
            assertThat(missedByRepetitions).isGreaterThan(2 * most);
            assertThat(alarmsByRepetitions).isGreaterThan(2 * most);
        }
    }

    private static Interval alone(Tried tried) {
        return tried.comparison.differences().get(0).alone();
    }

    @Test
    void measuresNoiseAndCorrelationOfPairs() {
        Comparison<LossWeights> comparison =
                tried(draw(new Random(3), grid(10, 10), 40, cell -> 10 * cell.alpha())).comparison;

        // Seeds have a standard deviation of 0.4, the noise one of 0.3: 0.16 / 0.25 is common to a pair.
        assertThat(comparison.noise().sd()).isCloseTo(NOISE, within(0.01));
        assertThat(comparison.noise().pairing().interval().low()).isLessThan(0.64);
        assertThat(comparison.noise().pairing().interval().high()).isGreaterThan(0.64);
        assertThat(comparison.noise().pairing().correlation()).isCloseTo(0.64, within(0.15));
        assertThat(comparison.noise().outlier()).isNull();
    }

    @Test
    void saysNothingAboutNoiseWithOneSeed() {
        Comparison<LossWeights> comparison = tried(draw(new Random(3), grid(3, 3), 1, cell -> cell.gamma())).comparison;

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

        Comparison<LossWeights> comparison =
                Comparison.of(BASELINE, Better.LOWER, measured).orElseThrow();

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

        Comparison<LossWeights> comparison =
                Comparison.of(BASELINE, Better.LOWER, measured).orElseThrow();

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

        Comparison<LossWeights> comparison =
                Comparison.of(BASELINE, Better.HIGHER, measured).orElseThrow();

        assertThat(comparison.differences()).extracting(comparison::p).containsExactly(1.0, 0.0);
        assertThat(comparison.betterBeyondNoise()).hasSize(1);
        assertThat(comparison.contenders()).containsExactly(grid(3, 1).get(2));
    }
}
