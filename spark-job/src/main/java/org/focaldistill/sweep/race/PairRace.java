package org.focaldistill.sweep.race;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.focaldistill.sweep.noise.Residuals;
import org.jspecify.annotations.Nullable;

/**
 * How far the race of one pair's cells is, by the values that are there.
 *
 * <p>The model is {@code value = cell + seed + noise}, as in {@link org.focaldistill.sweep.noise.Comparison}: noise that is
 * independent, normal and of one size. Then, over all looks and cells together, with 95 % chance no interval fails, and so no
 * cell is called beaten that is the best, better that is not, and so on.
 *
 * @param looks how often the values were looked at; 0 while the first round is under way
 * @param seeds of every cell that is still asked about; before the first look those of the first round
 * @param cells in the order given
 * @param sd standard deviation of the noise from seed to seed, by the first look; NaN before it
 * @param end why it is over; null if it is not
 */
record PairRace(
        int looks,
        int seeds,
        List<Cell> cells,
        double sd,
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
        return new PairRace(state.looks, state.seedsOfRound(), List.of(state.cells), state.sd, state.end);
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
        private double sd = Double.NaN;
        private double limit = Double.NaN;
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
            if (looks == 1) {
                measureNoise(left);
            }
            double reach = sd == 0 || left.size() == 1 ? 0 : limit * sd * Math.sqrt(2.0 / seeds);
            if (baseline < 0) {
                lookForBest(left, reach);
            } else {
                lookBesideBaseline(left, reach);
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

        /** What neither cell nor seed explains. */
        private void measureNoise(List<Integer> left) {
            if (left.size() == 1) {
                sd = 0;
                return;
            }
            double[][] table = new double[left.size()][seeds];
            for (int row = 0; row < table.length; row++) {
                for (int seed = 0; seed < seeds; seed++) {
                    table[row][seed] = value(left.get(row), seed);
                }
            }
            double squares = Residuals.squares(Residuals.of(table));
            int degreesOfFreedom = (left.size() - 1) * (seeds - 1);
            sd = Math.max(leastSd, Math.sqrt(squares / degreesOfFreedom));
            List<Integer> ofLooks = IntStream.rangeClosed(1, rules.looks(mostSeeds))
                    .map(look -> rules.seedsAt(look, mostSeeds))
                    .boxed()
                    .toList();
            limit = new LookLimit(left.size() - 1, degreesOfFreedom, ofLooks, baseline >= 0).value();
        }

        private double gain(double difference) {
            return rules.by().better().gain(difference);
        }

        /** Hsu 1984: the best one is no further below any other than noise reaches. */
        private void lookForBest(List<Integer> left, double reach) {
            int leader = left.get(0);
            for (int cell : left) {
                leader = gain(mean(cell) - mean(leader)) > 0 ? cell : leader;
            }
            boolean answered = true;
            for (int cell : left) {
                double difference = mean(cell) - mean(leader);
                boolean beaten = -gain(difference) > reach;
                cells[cell] = new Cell(beaten ? CellState.BEATEN : CellState.OPEN, seeds, difference, reach);
                // How much better than the leader it may be.
                answered &= cell == leader || beaten || gain(difference) + reach <= rules.margin();
            }
            if (answered) {
                end = RaceEnd.ANSWERED;
                for (int cell : left()) {
                    cells[cell] = cells[cell].as(cell == leader ? CellState.BEST : CellState.CONTENDER);
                }
            }
        }

        private void lookBesideBaseline(List<Integer> left, double reach) {
            for (int cell : left) {
                double difference = mean(cell) - mean(baseline);
                CellState state = cell == baseline ? CellState.BASELINE : beside(difference, reach);
                cells[cell] = new Cell(state, seeds, difference, cell == baseline ? 0 : reach);
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
