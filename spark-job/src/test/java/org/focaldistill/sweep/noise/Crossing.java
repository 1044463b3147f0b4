package org.focaldistill.sweep.noise;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Seed;

/**
 * Cells without any effect, measured with every data seed and every init seed.
 *
 * @param ofData standard deviation of what a data seed does to a cell alone
 * @param ofInit of what an init seed does to a cell alone
 * @param rest of what is left
 */
record Crossing(int data, int init, double ofData, double ofInit, double rest) {

    Map<LossWeights, Map<Seed, Double>> draw(Random random, List<LossWeights> cells) {
        double[][] common = normals(random, data, init, 1);
        Map<LossWeights, Map<Seed, Double>> values = new LinkedHashMap<>();
        for (LossWeights cell : cells) {
            double[] byData = normals(random, 1, data, ofData)[0];
            double[] byInit = normals(random, 1, init, ofInit)[0];
            Map<Seed, Double> own = new TreeMap<>();
            for (int i = 0; i < data; i++) {
                for (int j = 0; j < init; j++) {
                    double value = common[i][j] + byData[i] + byInit[j] + rest * random.nextGaussian();
                    own.put(Seed.plain(i + 1, j + 1), value);
                }
            }
            values.put(cell, own);
        }
        return values;
    }

    private static double[][] normals(Random random, int rows, int columns, double sd) {
        double[][] normals = new double[rows][columns];
        for (double[] row : normals) {
            for (int i = 0; i < columns; i++) {
                row[i] = sd * random.nextGaussian();
            }
        }
        return normals;
    }

    /** The same values as if each were of a data order and an initialisation of its own. */
    static Map<LossWeights, Map<Seed, Double>> asRepetitions(Map<LossWeights, Map<Seed, Double>> crossed) {
        Map<LossWeights, Map<Seed, Double>> values = new LinkedHashMap<>();
        crossed.forEach((cell, bySeed) -> {
            Map<Seed, Double> own = new TreeMap<>();
            bySeed.values().forEach(value -> own.put(Seed.plain(own.size() + 1, own.size() + 1), value));
            values.put(cell, own);
        });
        return values;
    }
}
