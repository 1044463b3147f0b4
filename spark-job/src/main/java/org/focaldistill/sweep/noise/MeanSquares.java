package org.focaldistill.sweep.noise;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.focaldistill.sweep.Seed;

/**
 * What is left of values after their cell and their seed, as mean squares: of the cells' means over each data order, of
 * those over each initialisation, and of the rest. Where seeds are repetitions there is the rest alone.
 *
 * @param data nothing unless seeds are crossed, as {@code init}
 */
record MeanSquares(SeedLayout layout, MeanSquare data, MeanSquare init, MeanSquare rest) {
    private static final MeanSquare NONE = new MeanSquare(0, 1);

    /**
     * @param left what is left, {@code [rows][seeds]}
     * @param rows degrees of freedom of the rows
     */
    static MeanSquares of(double[][] left, int rows, List<Seed> seeds, SeedLayout layout) {
        double all = Residuals.squares(left);
        if (!layout.crossed()) {
            return new MeanSquares(layout, NONE, NONE, MeanSquare.of(all, rows * (layout.seeds() - 1)));
        }
        double ofData = layout.init() * squaresOfMeans(left, seeds, Seed::dataStream, layout.init());
        double ofInit = layout.data() * squaresOfMeans(left, seeds, Seed::initStream, layout.data());
        int dataDf = layout.data() - 1;
        int initDf = layout.init() - 1;
        return new MeanSquares(
                layout,
                MeanSquare.of(ofData, rows * dataDf),
                MeanSquare.of(ofInit, rows * initDf),
                MeanSquare.of(Math.max(0, all - ofData - ofInit), rows * dataDf * initDf));
    }

    private static double squaresOfMeans(double[][] left, List<Seed> seeds, ToLongFunction<Seed> factor, int each) {
        double sum = 0;
        for (double[] row : left) {
            Map<Long, Double> sums = new HashMap<>();
            for (int seed = 0; seed < row.length; seed++) {
                sums.merge(factor.applyAsLong(seeds.get(seed)), row[seed], Double::sum);
            }
            for (double ofLevel : sums.values()) {
                sum += ofLevel / each * ofLevel / each;
            }
        }
        return sum;
    }

    /**
     * The one whose expectation is that of a row's variance over its number of seeds. Where seeds are crossed that is data +
     * init - rest, with the degrees of freedom of Satterthwaite (An approximate distribution of estimates of variance
     * components, Biometrics Bulletin 2, 1946; Searle, Casella and McCulloch, Variance Components, 1992, ch. 5). What is
     * subtracted is itself an estimate, so it is never below the largest of the three, nor are the degrees of freedom below
     * the fewest.
     */
    MeanSquare ofMeans() {
        if (!layout.crossed()) {
            return rest;
        }
        double fewest = Math.min(data.degreesOfFreedom(), init.degreesOfFreedom());
        MeanSquare larger = data.value() >= init.value() ? data : init;
        double fitting = data.value() + init.value() - rest.value();
        if (rest.value() > larger.value()) {
            return new MeanSquare(rest.value(), fewest);
        }
        if (fitting <= larger.value()) {
            return larger;
        }
        double df = fitting * fitting / (data.squaredByDf() + init.squaredByDf() + rest.squaredByDf());
        // In tenths, downwards: limits of ManyToOne are costly, and kept by degrees of freedom.
        return new MeanSquare(fitting, Math.max(Math.floor(10 * df) / 10, fewest));
    }
}
