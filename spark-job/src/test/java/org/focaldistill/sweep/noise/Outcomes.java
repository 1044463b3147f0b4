package org.focaldistill.sweep.noise;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Seed;

/** Values with known effects and known noise: {@code effect(cell) + seed + noise}. */
final class Outcomes {
    static final double NOISE = 0.3;
    private static final double SEED_SD = 0.4;

    private Outcomes() {}

    /** {@code alphas x gammas} cells of beta = 1, alpha by alpha. */
    static List<LossWeights> grid(int alphas, int gammas) {
        return IntStream.range(0, alphas * gammas)
                .mapToObj(i -> new LossWeights(i / gammas / 10.0, 1, i % gammas / 100.0))
                .toList();
    }

    static Map<LossWeights, Map<Seed, Double>> draw(
            Random random, List<LossWeights> cells, int seeds, ToDoubleFunction<LossWeights> effect) {
        Map<LossWeights, Map<Seed, Double>> values = new LinkedHashMap<>();
        cells.forEach(cell -> values.put(cell, new TreeMap<>()));
        for (int seed = 1; seed <= seeds; seed++) {
            double common = SEED_SD * random.nextGaussian();
            for (LossWeights cell : cells) {
                values.get(cell)
                        .put(
                                Seed.plain(seed, seed),
                                50 + effect.applyAsDouble(cell) + common + NOISE * random.nextGaussian());
            }
        }
        return values;
    }

    /** Whether {@code hits} of {@code tries} is what a chance of {@code rate} gives, to 4 standard deviations. */
    static boolean isRate(int hits, int tries, double rate) {
        return Math.abs(hits - tries * rate) <= 4 * Math.sqrt(tries * rate * (1 - rate));
    }
}
