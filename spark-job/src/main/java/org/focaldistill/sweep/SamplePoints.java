package org.focaldistill.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.random.SobolSequenceGenerator;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.jspecify.annotations.Nullable;

/**
 * Points of a search that is no grid: every one with a value of its own on every axis, so that what matters little costs no
 * trials (Bergstra and Bengio 2012).
 *
 * @param method how they are drawn
 * @param count how many; 0 for none
 * @param seed of {@link Method#RANDOM}; Sobol's are the same always
 * @param ranges where, by setting; alpha and gamma among them if there are points
 * @param schedules which the points share equally; empty for the recipe's
 */
public record SamplePoints(
        Method method, int count, long seed, Map<NumericSetting, Range> ranges, List<Schedule> schedules) {
    /** No points. */
    public static final SamplePoints NONE = new SamplePoints(Method.SOBOL, 0, 1, Map.of(), List.of());

    /** To a reader a digit more is noise, and a trial's id has to be that of what is written. */
    private static final MathContext FOUR_DIGITS = new MathContext(4);

    /** How points are drawn. */
    public enum Method {
        /** Sobol's sequence (1967; directions of Joe and Kuo 2008): more even than chance, and more points go on where fewer ended. */
        SOBOL,
        /** Each by itself; more points go on where fewer ended. */
        RANDOM
    }

    /**
     * Where on an axis.
     *
     * @param from the least value
     * @param to the largest; the same for a setting that all points share
     * @param log whether equal ratios are equally likely, not equal differences
     */
    public record Range(double from, double to, boolean log) {
        public Range {
            if (!(from >= 0 && from <= to && to <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("A range needs 0 <= from <= to, found from " + from + " to " + to);
            }
            if (log && from == 0) {
                throw new IllegalArgumentException("A log range needs from > 0, as 0 has no logarithm");
            }
        }

        /** One value. */
        public static Range of(double value) {
            return new Range(value, value, false);
        }

        double at(double share) {
            double value = log ? from * StrictMath.pow(to / from, share) : from + share * (to - from);
            double rounded = new BigDecimal(value).round(FOUR_DIGITS).doubleValue();
            return Math.max(from, Math.min(to, rounded));
        }
    }

    public SamplePoints {
        ranges = ranges.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(ranges));
        schedules = schedules.isEmpty() ? List.of() : Distinct.nonEmpty("schedule", schedules);
        if (count < 0) {
            throw new IllegalArgumentException("count must be at least 0, found " + count);
        }
        if (ranges.containsKey(NumericSetting.BETA)) {
            throw new IllegalArgumentException("beta is no axis of points: it is what sweep.beta says of their alpha");
        }
        if (count > 0 && !(ranges.containsKey(NumericSetting.ALPHA) && ranges.containsKey(NumericSetting.GAMMA))) {
            throw new IllegalArgumentException("points need alpha and gamma: a range or a number each");
        }
    }

    /** A point's settings in place of others. */
    record Sample(
            Map<NumericSetting, Double> values, @Nullable Schedule schedule) {
        private double get(NumericSetting setting, double other) {
            return values.getOrDefault(setting, other);
        }

        LossSettings in(LossSettings loss, Beta beta) {
            double alpha = get(NumericSetting.ALPHA, 0);
            return new LossSettings(
                    new LossWeights(alpha, beta.at(alpha), get(NumericSetting.GAMMA, 0)),
                    get(NumericSetting.TEMPERATURE, loss.temperature()),
                    loss.klDirection(),
                    loss.focalForm(),
                    get(NumericSetting.FOCAL_EXPONENT, loss.focalExponent()),
                    get(NumericSetting.LABEL_SMOOTHING, loss.labelSmoothing()),
                    loss.distillation(),
                    get(NumericSetting.CALIBRATION_WEIGHT, loss.calibrationWeight()));
        }

        Recipe in(Recipe recipe) {
            return new Recipe(
                    (int) Math.rint(get(NumericSetting.EPOCHS, recipe.epochs())),
                    (int) Math.rint(get(NumericSetting.BATCH_SIZE, recipe.batchSize())),
                    get(NumericSetting.LEARNING_RATE, recipe.learningRate()),
                    get(NumericSetting.MOMENTUM, recipe.momentum()),
                    get(NumericSetting.WEIGHT_DECAY, recipe.weightDecay()),
                    recipe.dropAt(),
                    recipe.dropFactor(),
                    schedule == null ? recipe.schedule() : schedule,
                    (int) Math.rint(get(NumericSetting.WARMUP_EPOCHS, recipe.warmupEpochs())));
        }
    }

    /**
     * These points.
     *
     * @param recipes they change
     * @param variants of the loss that they change
     * @param beta of their alpha
     * @throws IllegalArgumentException if one of them would have a recipe or a loss that can not be
     */
    public SamplePoints requirePossible(Collection<Recipe> recipes, LossVariants variants, Beta beta) {
        boolean steps = schedules.contains(Schedule.STEPS);
        if (count > 0 && steps && recipes.stream().anyMatch(recipe -> recipe.schedule() == Schedule.COSINE)) {
            throw new IllegalArgumentException(
                    "points with schedule steps need recipe.schedule = steps, which says where"
                            + " the steps are; the points' schedule is theirs all the same");
        }
        try {
            for (Sample sample : samples()) {
                recipes.forEach(sample::in);
                variants.around(LossWeights.CROSS_ENTROPY).forEach(loss -> sample.in(loss, beta));
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a point can not be: " + e.getMessage(), e);
        }
        return this;
    }

    /** The points, in the order drawn. */
    List<Sample> samples() {
        // In the order of the constants, whatever the order of the configuration.
        List<NumericSetting> axes = ranges.keySet().stream().sorted().toList();
        // Behind all others, so that they are drawn as without it.
        IntFunction<double[]> shares = shares(axes.size(), schedules.size() > 1 ? 1 : 0);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double[] share = shares.apply(i);
            Map<NumericSetting, Double> values = new EnumMap<>(NumericSetting.class);
            for (int axis = 0; axis < axes.size(); axis++) {
                Range range = ranges.getOrDefault(axes.get(axis), Range.of(0));
                values.put(axes.get(axis), range.at(share[axis]));
            }
            samples.add(new Sample(values, schedule(share[share.length - 1])));
        }
        return samples;
    }

    private @Nullable Schedule schedule(double share) {
        return schedules.isEmpty() ? null : schedules.get(schedules.size() == 1 ? 0 : (int) (share * schedules.size()));
    }

    /** @param more behind the axes, which stay as they are without */
    private IntFunction<double[]> shares(int axes, int more) {
        if (method == Method.SOBOL) {
            SobolSequenceGenerator sobol = new SobolSequenceGenerator(Math.max(1, axes + more));
            // The first one is 0 on all axes, a corner.
            double[] unused = sobol.nextVector();
            return i -> sobol.nextVector();
        }
        SplittableRandom random = new SplittableRandom(SeedStreams.SCATTERED.data(seed));
        SplittableRandom another = new SplittableRandom(SeedStreams.SCATTERED.init(seed));
        return i ->
                DoubleStream.concat(random.doubles(axes), another.doubles(more)).toArray();
    }
}
