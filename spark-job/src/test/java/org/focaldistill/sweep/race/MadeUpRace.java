package org.focaldistill.sweep.race;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * Races on made-up values {@code truth + seed + noise}.
 *
 * @param truth of every cell; the first one is the baseline
 * @param sds of every cell's noise
 * @param sdOfSeeds of what all cells of a seed have in common
 * @param step the values are multiples of; 0 for any
 */
record MadeUpRace(RaceRules rules, double[] truth, double[] sds, double sdOfSeeds, double step, int seeds) {

    /** Noise of one size, small beside what seeds do to all cells. */
    static MadeUpRace of(RaceRules rules, double[] truth, int seeds, double sd) {
        double[] sds = new double[truth.length];
        Arrays.fill(sds, sd);
        return new MadeUpRace(rules, truth, sds, 3 * sd, 0, seeds);
    }

    /** The same with other noise of some cells. */
    MadeUpRace noisier(double times, int... cells) {
        double[] other = sds.clone();
        Arrays.stream(cells).forEach(cell -> other[cell] *= times);
        return new MadeUpRace(rules, truth, other, sdOfSeeds, step, seeds);
    }

    /** Draws all values and looks at as many of them as a race trains. */
    PairRace run(RandomGenerator random) {
        double[][] values = draw(random);
        return look((cell, seed) -> values[cell][seed]);
    }

    /** The same, with values that are there only once the race has asked for them. */
    PairRace runByRounds(RandomGenerator random) {
        double[][] values = draw(random);
        int[] trained = new int[truth.length];
        while (true) {
            PairRace race = look((cell, seed) -> seed < trained[cell] ? (Double) values[cell][seed] : null);
            List<Integer> open = race.open();
            if (open.isEmpty()) {
                return race;
            }
            open.forEach(cell -> trained[cell] = race.seeds());
        }
    }

    private PairRace look(PairRace.Values values) {
        PairRace.Field field = new PairRace.Field(truth.length, 0, seeds, step / Math.sqrt(12));
        return PairRace.of(rules, field, Integer.MAX_VALUE, values);
    }

    private double[][] draw(RandomGenerator random) {
        double[][] values = new double[truth.length][seeds];
        for (int seed = 0; seed < seeds; seed++) {
            double ofSeed = sdOfSeeds * random.nextGaussian();
            for (int cell = 0; cell < truth.length; cell++) {
                double value = truth[cell] + ofSeed + sds[cell] * random.nextGaussian();
                values[cell][seed] = step == 0 ? value : step * Math.rint(value / step);
            }
        }
        return values;
    }

    /** Trials that a race has trained. */
    static int trials(PairRace race) {
        return race.cells().stream().mapToInt(PairRace.Cell::seeds).sum();
    }
}
