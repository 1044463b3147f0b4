package org.focaldistill.sweep.race;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How far the race of one pair's cells is, by the values that are there.
 *
 * <p>The model is {@code value = cell + seed + noise}, as in {@link org.focaldistill.sweep.noise.Comparison}: noise that is
 * independent and normal, and where a cell is much noisier than the others, as {@link RaceNoise} has it. Then, over all looks
 * and cells together, with 95 % chance no interval fails, and so no cell is called beaten that is the best, better that is not,
 * and so on.
 *
 * @param looks how often the values were looked at; 0 while the first round is under way
 * @param seeds of every cell that is still asked about; before the first look those of the first round
 * @param cells in the order given
 * @param sd standard deviation of the noise from seed to seed, by the first look, of all cells but the noisy one; NaN before it
 * @param noisy a cell that is much noisier than the others, by the first look; null if none is
 * @param end why it is over; null if it is not
 */
record PairRace(
        int looks,
        int seeds,
        List<Cell> cells,
        double sd,
        @Nullable Noisy noisy,
        @Nullable RaceEnd end) {
    PairRace {
        cells = List.copyOf(cells);
    }

    /**
     * A cell when it was last looked at.
     *
     * @param seeds it had then; 0 before the first look
     * @param difference of its mean from the baseline's or, in a race for the best, from the leader's; NaN before the first
     *     look, and where it diverged
     * @param reach half the width of that difference's interval, or how far below zero it may lie by noise alone
     */
    record Cell(CellState state, int seeds, double difference, double reach) {
        private static final Cell UNSEEN = new Cell(CellState.OPEN, 0, Double.NaN, Double.NaN);

        private Cell as(CellState other) {
            return new Cell(other, seeds, difference, reach);
        }
    }

    /**
     * A cell that is much noisier than the others.
     *
     * @param cell 0-based
     * @param sd standard deviation of its noise
     */
    record Noisy(int cell, double sd) {}

    /** What was measured. */
    interface Values {
        /**
         * @param cell and seed 0-based
         * @return NaN where the trial diverged; null where it has no outcome yet
         */
        @Nullable Double at(int cell, int seed);
    }

    /** 0-based cells whose next seeds are to be trained; none when it is over. */
    List<Integer> open() {
        return end != null
                ? List.of()
                : IntStream.range(0, cells.size())
                        .filter(cell -> cells.get(cell).state() == CellState.OPEN
                                || cells.get(cell).state() == CellState.BASELINE)
                        .boxed()
                        .toList();
    }

    /**
     * Who races.
     *
     * @param cells how many
     * @param baseline the 0-based cell that others are compared with, unless the best is asked for
     * @param seeds how many there are to be had
     * @param leastSd the noise that values have at least, as they come in steps
     */
    record Field(int cells, int baseline, int seeds, double leastSd) {}

    /**
     * Looks at all that is there, look by look.
     *
     * @param mostLooks how often at most
     */
    static PairRace of(RaceRules rules, Field field, int mostLooks, Values values) {
        State state = new State(rules, field, values);
        while (state.end == null && state.looks < mostLooks && state.hasAllOfNextLook()) {
            state.look();
        }
        return new PairRace(
                state.looks, state.seedsOfRound(), List.of(state.cells), state.sd(), state.noisy, state.end);
    }

    /** A race on its way from look to look. */
    private static final class State {
        private final RaceRules rules;
        private final int baseline;
        private final int mostSeeds;
        private final double leastSd;
        private final Values values;
        private final Cell[] cells;
        private int looks;
        private int seeds;
        private @Nullable RaceNoise noise;
        private @Nullable Noisy noisy;
        private @Nullable RaceEnd end;

        State(RaceRules rules, Field field, Values values) {
            this.rules = rules;
            this.baseline = rules.question() == Question.BEST ? -1 : field.baseline();
            this.mostSeeds = field.seeds();
            this.leastSd = field.leastSd();
            this.values = values;
            this.cells = new Cell[field.cells()];
            for (int cell = 0; cell < cells.length; cell++) {
                this.cells[cell] = cell == this.baseline ? Cell.UNSEEN.as(CellState.BASELINE) : Cell.UNSEEN;
            }
        }

        int seedsOfRound() {
            return end != null ? seeds : rules.seedsAt(looks + 1, mostSeeds);
        }

        /** Open cells and the baseline. */
        private List<Integer> left() {
            List<Integer> left = new ArrayList<>();
            for (int cell = 0; cell < cells.length; cell++) {
                if (cells[cell].state() == CellState.OPEN || cell == baseline) {
                    left.add(cell);
                }
            }
            return left;
        }

        private boolean hasAllOfNextLook() {
            int ofLook = rules.seedsAt(looks + 1, mostSeeds);
            return left().stream()
                    .allMatch(cell -> IntStream.range(0, ofLook).allMatch(seed -> values.at(cell, seed) != null));
        }

        void look() {
            looks++;
            seeds = rules.seedsAt(looks, mostSeeds);
            for (int cell : left()) {
                if (Double.isNaN(mean(cell))) {
                    cells[cell] = new Cell(CellState.DIVERGED, seeds, Double.NaN, Double.NaN);
                }
            }
            List<Integer> left = left();
            if (left.isEmpty() || (baseline >= 0 && cells[baseline].state() == CellState.DIVERGED)) {
                end = RaceEnd.NO_BASELINE;
                return;
            }
            double[][] table = table(left);
            if (looks == 1 && left.size() > 1) {
                measureNoise(left, table);
            }
            if (baseline < 0) {
                lookForBest(left, table);
            } else {
                lookBesideBaseline(left, table);
            }
            if (end == null && seeds == mostSeeds) {
                end = RaceEnd.NO_SEEDS;
            }
        }

        /** Over the seeds of the look; NaN if one of its trials diverged. */
        private double mean(int cell) {
            double sum = 0;
            for (int seed = 0; seed < seeds; seed++) {
                sum += value(cell, seed);
            }
            return sum / seeds;
        }

        private double value(int cell, int seed) {
            Double value = values.at(cell, seed);
            return value == null ? Double.NaN : value;
        }

        private double[][] table(List<Integer> left) {
            double[][] table = new double[left.size()][seeds];
            for (int row = 0; row < table.length; row++) {
                for (int seed = 0; seed < seeds; seed++) {
                    table[row][seed] = value(left.get(row), seed);
                }
            }
            return table;
        }

        private void measureNoise(List<Integer> left, double[][] table) {
            List<Integer> ofLooks = IntStream.rangeClosed(1, rules.looks(mostSeeds))
                    .map(look -> rules.seedsAt(look, mostSeeds))
                    .boxed()
                    .toList();
            RaceNoise measured = RaceNoise.of(table, ofLooks, baseline >= 0, leastSd);
            noise = measured;
            RaceNoise.Outlier outlier = measured.outlier();
            noisy = outlier == null ? null : new Noisy(left.get(outlier.row()), outlier.sd());
        }

        double sd() {
            return noise != null ? noise.sd() : looks == 0 ? Double.NaN : 0;
        }

        /** From the cell of one row, by noise alone. */
        private double[] reaches(double[][] table, int from) {
            return noise == null ? new double[table.length] : noise.reaches(looks, table, from);
        }

        private static double[] means(double[][] table) {
            return Arrays.stream(table)
                    .mapToDouble(values -> Arrays.stream(values).sum() / values.length)
                    .toArray();
        }

        private double gain(double difference) {
            return rules.by().better().gain(difference);
        }

        /** Hsu 1984: the best one is no further below any other than noise reaches. */
        private void lookForBest(List<Integer> left, double[][] table) {
            double[] means = means(table);
            int leader = 0;
            for (int row = 1; row < means.length; row++) {
                leader = gain(means[row] - means[leader]) > 0 ? row : leader;
            }
            double[] reaches = reaches(table, leader);
            boolean answered = true;
            for (int row = 0; row < means.length; row++) {
                double difference = means[row] - means[leader];
                boolean beaten = -gain(difference) > reaches[row];
                cells[left.get(row)] =
                        new Cell(beaten ? CellState.BEATEN : CellState.OPEN, seeds, difference, reaches[row]);
                // How much better than the leader it may be.
                answered &= row == leader || beaten || gain(difference) + reaches[row] <= rules.margin();
            }
            if (answered) {
                end = RaceEnd.ANSWERED;
                for (int cell : left()) {
                    cells[cell] = cells[cell].as(cell == left.get(leader) ? CellState.BEST : CellState.CONTENDER);
                }
            }
        }

        private void lookBesideBaseline(List<Integer> left, double[][] table) {
            double[] means = means(table);
            int reference = left.indexOf(baseline);
            double[] reaches = reaches(table, reference);
            for (int row = 0; row < means.length; row++) {
                double difference = means[row] - means[reference];
                cells[left.get(row)] = row == reference
                        ? new Cell(CellState.BASELINE, seeds, difference, 0)
                        : new Cell(beside(difference, reaches[row]), seeds, difference, reaches[row]);
            }
            if (left().size() == 1) {
                end = RaceEnd.ANSWERED;
            }
        }

        private CellState beside(double difference, double reach) {
            if (rules.question() == Question.EQUIVALENT) {
                return Math.abs(difference) + reach < rules.margin()
                        ? CellState.EQUIVALENT
                        : Math.abs(difference) - reach > rules.margin() ? CellState.DIFFERENT : CellState.OPEN;
            }
            double gain = gain(difference);
            return gain - reach > 0
                    ? CellState.BETTER
                    : gain + reach <= rules.margin() ? CellState.NOT_BETTER : CellState.OPEN;
        }
    }
}
