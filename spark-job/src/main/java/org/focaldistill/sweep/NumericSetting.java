package org.focaldistill.sweep;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** A number among a trial's settings that a sweep may vary. */
public enum NumericSetting {
    ALPHA("alpha", "loss.alpha", trial -> trial.loss().weights().alpha()),
    GAMMA("gamma", "loss.gamma", trial -> trial.loss().weights().gamma()),
    BETA("beta", "loss.beta", trial -> trial.loss().weights().beta()),
    TEMPERATURE("temperature", "loss.temperature", trial -> trial.loss().temperature()),
    FOCAL_EXPONENT("focalExponent", "loss.focalExponent", trial -> trial.loss().focalExponent()),
    LABEL_SMOOTHING(
            "labelSmoothing", "loss.labelSmoothing", trial -> trial.loss().labelSmoothing()),
    CALIBRATION_WEIGHT(
            "calibrationWeight", "loss.calibrationWeight", trial -> trial.loss().calibrationWeight()),
    LEARNING_RATE("learningRate", "recipe.learningRate", trial -> trial.recipe().learningRate()),
    WEIGHT_DECAY("weightDecay", "recipe.weightDecay", trial -> trial.recipe().weightDecay()),
    MOMENTUM("momentum", "recipe.momentum", trial -> trial.recipe().momentum()),
    BATCH_SIZE("batchSize", "recipe.batchSize", trial -> trial.recipe().batchSize()),
    EPOCHS("epochs", "recipe.epochs", trial -> trial.recipe().epochs()),
    WARMUP_EPOCHS("warmupEpochs", "recipe.warmupEpochs", trial -> trial.recipe().warmupEpochs());

    /** From the least value to the largest; wider ones are shown as powers of ten where all are above 0. */
    private static final double WIDE = 30;

    private final String word;
    private final String setting;
    private final ToDoubleFunction<Trial> getter;

    NumericSetting(String word, String setting, ToDoubleFunction<Trial> getter) {
        this.word = word;
        this.setting = setting;
        this.getter = getter;
    }

    /** As the configuration has it. */
    public String word() {
        return word;
    }

    public double of(Trial trial) {
        return getter.applyAsDouble(trial);
    }

    /** The axis of a word; nothing if none is called so. */
    public static Optional<NumericSetting> named(String word) {
        return Arrays.stream(values()).filter(axis -> axis.word.equals(word)).findFirst();
    }

    /** All words, for people. */
    public static String words() {
        return Arrays.stream(values()).map(NumericSetting::word).collect(Collectors.joining(", "));
    }

    /** Those of which the trials have several values, but for beta where it is 1 - alpha. */
    public static List<NumericSetting> varied(List<Trial> trials) {
        boolean oneMinusAlpha =
                trials.stream().allMatch(trial -> Math.abs(1 - ALPHA.of(trial) - BETA.of(trial)) < 1e-12);
        return Arrays.stream(values())
                .filter(axis -> axis != BETA || !oneMinusAlpha)
                .filter(axis -> trials.stream().mapToDouble(axis::of).distinct().count() > 1)
                .toList();
    }

    /** Whether values are better shown by their logarithm. */
    public static boolean isWide(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return sorted[0] > 0 && sorted[sorted.length - 1] >= WIDE * sorted[0];
    }

    /** A trial's settings that are no axis, nor a seed: what trials have to share to be compared along axes. */
    public static Map<String, String> others(Trial trial) {
        Map<String, String> settings = new TreeMap<>(trial.settings());
        for (NumericSetting axis : values()) {
            settings.remove(axis.setting);
        }
        settings.keySet().removeIf(key -> key.toLowerCase(Locale.ROOT).contains("seed"));
        return settings;
    }
}
