package org.focaldistill.sweep;

import java.util.List;
import java.util.Map;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;

/**
 * What a sweep is to train, before data and teachers are known; {@link SweepPlan} turns it into trials.
 *
 * <p>Every combination is a trial, also one that differs in a setting its weights switch off (the temperature at alpha
 * 0, the exponent at gamma 0 or with {@code FLSD53}): such trials train alike and are a measure of noise.
 *
 * @param pairs teachers and students; empty until a configuration names some
 * @param baselines weights of plain students to compare with
 * @param references weights of published recipes to compare with
 * @param lines lines through the weights
 * @param grid the alpha x gamma grid
 * @param variants the loss settings beside the weights
 * @param seeds repetitions
 * @param teacherMode where the teacher's logits come from
 * @param workersPerTrial slots that train one trial together
 * @param averagingFrequency steps between parameter averagings; unused with one worker
 * @param recipes how each student is optimised, by its architecture
 * @param points of a search beside these weights
 * @param losses whole losses to compare, each with weights of its own; variants do not touch them
 */
public record SweepDefinition(
        List<Pair> pairs,
        List<LossWeights> baselines,
        List<LossWeights> references,
        List<Line> lines,
        Grid grid,
        LossVariants variants,
        Seeds seeds,
        TeacherMode teacherMode,
        int workersPerTrial,
        int averagingFrequency,
        Map<String, Recipe> recipes,
        SamplePoints points,
        List<LossSettings> losses) {

    public SweepDefinition {
        pairs = Distinct.list("pairs", pairs);
        baselines = Distinct.list("baselines", baselines);
        references = Distinct.list("references", references);
        lines = Distinct.list("lines", lines);
        losses = Distinct.list("variants", losses);
        recipes = Map.copyOf(recipes);
        if (workersPerTrial < 1 || averagingFrequency < 1) {
            throw new IllegalArgumentException("workersPerTrial and averagingFrequency must be at least 1, found "
                    + workersPerTrial + " and " + averagingFrequency);
        }
        for (Pair pair : pairs) {
            if (!recipes.containsKey(pair.student())) {
                throw new IllegalArgumentException(
                        "The pair " + pair + " has no recipe for its student; there are " + recipes.keySet());
            }
        }
        SamplePoints unused = points.requirePossible(recipes.values(), variants, grid.beta());
    }

    /** The weights a role asks for, in order; lines may cross and so name the same weights twice. */
    List<LossWeights> weights(Role role) {
        return switch (role) {
            case BASELINE -> baselines;
            case REFERENCE -> references;
            case LINE -> lines.stream().flatMap(line -> line.points().stream()).toList();
            case GRID -> grid.cells();
            case POINT, VARIANT -> List.of();
        };
    }

    /** The recipe of a student that one of the pairs names. */
    Recipe recipe(String student) {
        Recipe recipe = recipes.get(student);
        if (recipe == null) {
            throw new IllegalArgumentException("No recipe for " + student);
        }
        return recipe;
    }
}
