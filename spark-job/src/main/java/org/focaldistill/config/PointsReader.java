package org.focaldistill.config;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.focaldistill.sweep.NumericSetting;
import org.focaldistill.sweep.SamplePoints;
import org.focaldistill.sweep.SamplePoints.Method;
import org.focaldistill.sweep.SamplePoints.Range;
import org.focaldistill.sweep.Schedule;
import org.jspecify.annotations.Nullable;

/** Reads {@code sweep.points}. */
final class PointsReader {
    private static final int MOST_POINTS = 100_000;
    /** Beta follows from alpha. */
    private static final List<NumericSetting> AXES = List.of(
            NumericSetting.ALPHA,
            NumericSetting.GAMMA,
            NumericSetting.TEMPERATURE,
            NumericSetting.FOCAL_EXPONENT,
            NumericSetting.LABEL_SMOOTHING,
            NumericSetting.CALIBRATION_WEIGHT,
            NumericSetting.LEARNING_RATE,
            NumericSetting.WEIGHT_DECAY,
            NumericSetting.MOMENTUM,
            NumericSetting.BATCH_SIZE,
            NumericSetting.EPOCHS,
            NumericSetting.WARMUP_EPOCHS);

    private PointsReader() {}

    static SamplePoints read(Section points) {
        Method method = points.get("method", Kind.choice(Method.class), Method.SOBOL);
        int count = points.get("count", Kind.count(0, MOST_POINTS), 0);
        long seed = points.get("seed", Kind.wholeNumber(0, Long.MAX_VALUE), 1L);
        Map<NumericSetting, Range> ranges = new EnumMap<>(NumericSetting.class);
        for (NumericSetting axis : AXES) {
            Range range = points.has(axis.word()) ? range(points, axis) : null;
            if (range != null) {
                ranges.put(axis, range);
            }
        }
        List<Schedule> schedules =
                points.has("schedule") ? points.list("schedule", Kind.choice(Schedule.class), List.of()) : List.of();
        points.finish();
        return points.make("", SamplePoints.NONE, () -> new SamplePoints(method, count, seed, ranges, schedules));
    }

    private static @Nullable Range range(Section points, NumericSetting axis) {
        Kind<Double> number = switch (axis) {
            case TEMPERATURE -> Kind.temperature();
            case LABEL_SMOOTHING -> Kind.labelSmoothing();
            default -> Kind.atLeastZero();
        };
        if (!points.isObject(axis.word())) {
            return Range.of(points.get(axis.word(), number, 1.0));
        }
        Section section = points.section(axis.word());
        double from = section.get("from", number, 1.0);
        double to = section.get("to", number, 1.0);
        boolean log = section.has("scale") && section.get("scale", Kind.choice(Scale.class), Scale.LINEAR) == Scale.LOG;
        section.finish();
        return points.make(axis.word(), Range.of(1), () -> new Range(from, to, log));
    }

    private enum Scale {
        LINEAR,
        LOG
    }
}
