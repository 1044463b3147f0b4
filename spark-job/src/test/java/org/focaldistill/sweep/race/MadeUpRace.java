package org.focaldistill.sweep.race;

import java.util.List;
import org.apache.commons.math3.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A race on made-up values {@code truth + seed + noise}; trains nothing that it is not asked for. */
final class MadeUpRace {
    private final RaceRules rules;
    private final double[][] values;
    private final int baseline;

    private MadeUpRace(RaceRules rules, double[][] values, int baseline) {
        this.rules = rules;
        this.values = values;
        this.baseline = baseline;
    }

    /** @param truth of every cell; the first one is the baseline */
    static MadeUpRace draw(RaceRules rules, double[] truth, int seeds, double sd, RandomGenerator random) {
        double[][] values = new double[truth.length][seeds];
        for (int seed = 0; seed < seeds; seed++) {
            double ofSeed = 3 * sd * random.nextGaussian();
            for (int cell = 0; cell < truth.length; cell++) {
                values[cell][seed] = truth[cell] + ofSeed + sd * random.nextGaussian();
            }
        }
        return new MadeUpRace(rules, values, 0);
    }

    /** The race at its end. */
    PairRace run() {
        int[] trained = new int[values.length];
        while (true) {
            PairRace race = PairRace.of(
                    rules,
                    new PairRace.Field(values.length, baseline, values[0].length, 0),
                    Integer.MAX_VALUE,
                    (cell, seed) -> at(cell, seed, trained[cell]));
            List<Integer> open = race.open();
            if (open.isEmpty()) {
                return race;
            }
            open.forEach(cell -> trained[cell] = race.seeds());
        }
    }

    private @Nullable Double at(int cell, int seed, int trained) {
        return seed < trained ? (Double) values[cell][seed] : null;
    }

    /** Trials that a race has trained. */
    static int trials(PairRace race) {
        return race.cells().stream().mapToInt(PairRace.Cell::seeds).sum();
    }
}
