package org.focaldistill.config;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Axis;
import org.focaldistill.sweep.Beta;
import org.focaldistill.sweep.Grid;
import org.focaldistill.sweep.Line;
import org.focaldistill.sweep.LossVariants;
import org.focaldistill.sweep.Pair;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.SamplePoints;
import org.focaldistill.sweep.Seeds;
import org.focaldistill.sweep.SweepDefinition;
import org.focaldistill.sweep.TeacherMode;

/** Reads {@code sweep}. */
final class SweepReader {
    private static final Axis NO_AXIS = Axis.of();
    private static final int MOST_VALUES = 1000;

    private final Recipes recipes;
    private final Set<String> models;
    private final Set<String> teachers;

    SweepReader(Recipes recipes, Set<String> models, Set<String> teachers) {
        this.recipes = recipes;
        this.models = models;
        this.teachers = teachers;
    }

    SweepDefinition read(Section sweep, TeacherMode mode) {
        List<Pair> pairs = sweep.sections("pairs").stream().map(this::pair).toList();
        List<LossWeights> baselines = weights(sweep, "baselines");
        List<LossWeights> references = weights(sweep, "references");
        Grid grid = grid(sweep);
        List<Line> lines = sweep.sections("lines").stream()
                .map(line -> line(line, grid.gamma()))
                .toList();
        LossVariants variants = variants(sweep);
        Seeds seeds = seeds(sweep);
        int workers = sweep.get("workersPerTrial", Kind.count(1), 1);
        int averagingFrequency = sweep.get("averagingFrequency", Kind.count(1), 1);
        SamplePoints points = PointsReader.read(sweep.section("points"));
        List<LossSettings> read =
                sweep.partials("variants").stream().map(LossReader::read).toList();
        List<LossSettings> losses = sweep.make("variants", List.of(), () -> eachOnce(read));
        sweep.finish();

        Map<String, Recipe> recipeOfStudent = pairs.stream()
                .map(Pair::student)
                .distinct()
                .collect(Collectors.toMap(Function.identity(), recipes::of));
        SweepDefinition nothing = new SweepDefinition(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                grid,
                variants,
                seeds,
                mode,
                1,
                1,
                Map.of(),
                SamplePoints.NONE,
                List.of());
        SamplePoints possible = sweep.make(
                "points",
                SamplePoints.NONE,
                () -> points.requirePossible(recipeOfStudent.values(), variants, grid.beta()));
        return sweep.make(
                "",
                nothing,
                () -> new SweepDefinition(
                        pairs,
                        baselines,
                        references,
                        lines,
                        grid,
                        variants,
                        seeds,
                        mode,
                        workers,
                        averagingFrequency,
                        recipeOfStudent,
                        possible,
                        losses));
    }

    private static List<LossSettings> eachOnce(List<LossSettings> losses) {
        losses.forEach(loss -> {
            if (losses.indexOf(loss) != losses.lastIndexOf(loss)) {
                throw new IllegalArgumentException("must have each loss once, found number "
                        + (losses.indexOf(loss) + 1) + " again as number " + (losses.lastIndexOf(loss) + 1));
            }
        });
        return losses;
    }

    private Pair pair(Section section) {
        String teacher = section.get("teacher", Kind.text("a teacher's name"), "?");
        String student = section.get("student", Kind.text("the name of a model"), "?");
        if (!teacher.equals("?") && !teachers.contains(teacher)) {
            section.problem(
                    "teacher",
                    "no teacher '" + teacher + "' is defined under teachers; " + Spelling.hint(teacher, teachers));
        }
        if (!student.equals("?") && !models.contains(student)) {
            section.problem("student", "no model is called '" + student + "'; " + Spelling.hint(student, models));
        }
        section.finish();
        return new Pair(teacher, student);
    }

    private static List<LossWeights> weights(Section sweep, String key) {
        return sweep.sections(key).stream()
                .map(section -> {
                    LossWeights weights = new LossWeights(
                            section.get("alpha", Kind.atLeastZero(), 0.0),
                            section.get("beta", Kind.atLeastZero(), 0.0),
                            section.get("gamma", Kind.atLeastZero(), 0.0));
                    section.finish();
                    return weights;
                })
                .toList();
    }

    private static Grid grid(Section sweep) {
        Axis alpha = axis(sweep, "alpha");
        Axis gamma = axis(sweep, "gamma");
        Beta beta = sweep.get("beta", SweepReader::beta, Beta.fixed(0));
        return sweep.make("beta", new Grid(NO_AXIS, gamma, beta), () -> new Grid(alpha, gamma, beta));
    }

    private static Line line(Section section, Axis gammaOfGrid) {
        double alpha = section.get("alpha", Kind.atLeastZero(), 0.0);
        Beta beta = section.get("beta", SweepReader::beta, Beta.fixed(0));
        Axis gamma = section.has("gamma") ? axis(section, "gamma") : gammaOfGrid;
        section.finish();
        Line standIn = new Line(alpha, 0, gamma);
        return section.make("beta", standIn, () -> new Line(alpha, beta.at(alpha), gamma));
    }

    private static Axis axis(Section section, String key) {
        if (!section.isObject(key)) {
            List<Double> values = section.list(key, Kind.atLeastZero(), List.of());
            return section.make(key, NO_AXIS, () -> new Axis(values));
        }
        Section axis = section.section(key);
        Spacing spacing = axis.get("spacing", Kind.choice(Spacing.class), Spacing.LEFT_EDGES);
        double from = axis.get("from", Kind.atLeastZero(), 0.0);
        double to = axis.get("to", Kind.atLeastZero(), 1.0);
        int count = axis.get("count", Kind.count(1, MOST_VALUES), 1);
        axis.finish();
        return section.make(key, NO_AXIS, () -> switch (spacing) {
            case LEFT_EDGES -> Axis.leftEdges(from, to, count);
            case INCLUSIVE -> Axis.inclusive(from, to, count);
            case LOG -> Axis.logarithmic(from, to, count);
        });
    }

    private enum Spacing {
        LEFT_EDGES,
        INCLUSIVE,
        LOG
    }

    private static Beta beta(ConfigValue value) {
        if (value.valueType() == ConfigValueType.STRING
                && String.valueOf(value.unwrapped()).replace(" ", "").equals("1-alpha")) {
            return Beta.ONE_MINUS_ALPHA;
        }
        return Beta.fixed(
                Kind.number("\"1 - alpha\" or a number >= 0", beta -> beta >= 0).read(value));
    }

    private static LossVariants variants(Section sweep) {
        LossVariants variants = new LossVariants(
                distinct(sweep, "temperature", Kind.temperature(), 1.0),
                distinct(sweep, "klDirection", Kind.choice(KlDirection.class), KlDirection.TEACHER_STUDENT),
                distinct(sweep, "focalForm", Kind.choice(FocalForm.class), FocalForm.FIXED),
                distinct(sweep, "focalExponent", Kind.atLeastZero(), 0.0),
                distinct(sweep, "labelSmoothing", Kind.labelSmoothing(), 0.0),
                DistillationReader.read(sweep),
                distinct(sweep, "calibrationWeight", Kind.atLeastZero(), 0.0));
        // Of some forms not every temperature.
        return sweep.make("temperature", variants.plain(), () -> variants.checked());
    }

    private static Seeds seeds(Section sweep) {
        List<Long> together = seeds(sweep, "seeds");
        List<Long> data = seeds(sweep, "dataSeeds");
        List<Long> init = seeds(sweep, "initSeeds");
        if (!sweep.has("seeds")) {
            return Seeds.crossed(data, init);
        }
        for (String other : List.of("dataSeeds", "initSeeds")) {
            if (sweep.has(other)) {
                sweep.problem(
                        other,
                        "must not be set beside seeds, which vary data order and initial weights together; leave one of"
                                + " them out, or take it back with --set sweep." + other + "=null");
            }
        }
        return Seeds.of(together);
    }

    private static List<Long> seeds(Section sweep, String key) {
        return sweep.has(key) ? distinct(sweep, key, Kind.wholeNumber(0, Long.MAX_VALUE), 1L) : List.of(1L);
    }

    /** The values, if there are some and each is there once; else a problem, and values a reader can go on with. */
    static <T> List<T> distinct(Section section, String key, Kind<T> kind, T fallback) {
        List<T> values = section.list(key, kind, List.of(fallback));
        List<T> distinct = values.stream().distinct().toList();
        if (values.isEmpty() || distinct.size() < values.size()) {
            section.problem(key, "must have at least one value and each once, found " + values);
        }
        return distinct.isEmpty() ? List.of(fallback) : distinct;
    }
}
