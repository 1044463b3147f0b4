package org.focaldistill.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.focaldistill.config.FocalDistillConfig.TeacherDefinition;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Recipe;

/** Reads {@code teachers}; what a teacher leaves out is plain cross entropy, the common recipe and seeds 1. */
final class TeacherReader {
    private static final LossSettings CROSS_ENTROPY = LossSettings.of(LossWeights.CROSS_ENTROPY);

    private final Recipes recipes;
    private final Set<String> models;

    TeacherReader(Recipes recipes, Set<String> models) {
        this.recipes = recipes;
        this.models = models;
    }

    Map<String, TeacherDefinition> read(Section teachers) {
        Map<String, TeacherDefinition> definitions = new LinkedHashMap<>();
        teachers.named().forEach((name, section) -> {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
                teachers.problem(
                        name,
                        "a teacher's name names a folder too: use letters, digits, '.', '_' and '-', a letter or digit"
                                + " first");
            }
            definitions.put(name, teacher(section));
        });
        return definitions;
    }

    private TeacherDefinition teacher(Section section) {
        String model = model(section);
        Recipe recipe = recipes.of(model, section.partial("recipe"));
        LossSettings loss = loss(section);
        Kind<Long> seed = Kind.wholeNumber(0, Long.MAX_VALUE);
        long dataSeed = section.get("dataSeed", seed, 1L);
        long initSeed = section.get("initSeed", seed, 1L);
        section.finish();
        return new TeacherDefinition(model, recipe, loss, dataSeed, initSeed);
    }

    private String model(Section section) {
        if (!section.has("model")) {
            section.problem("model", "is missing; known: " + String.join(", ", models));
            return "";
        }
        String model = section.get("model", Kind.text("the name of a model"), "");
        if (!model.isEmpty() && !models.contains(model)) {
            section.problem("model", "no model is called '" + model + "'; " + Spelling.hint(model, models));
        }
        return model;
    }

    private static LossSettings loss(Section teacher) {
        Section section = teacher.partial("loss");
        double beta = section.get("beta", Kind.atLeastZero(), 1.0);
        double gamma = section.get("gamma", Kind.atLeastZero(), 0.0);
        FocalForm form = section.get("focalForm", Kind.choice(FocalForm.class), CROSS_ENTROPY.focalForm());
        double exponent = section.get("focalExponent", Kind.atLeastZero(), CROSS_ENTROPY.focalExponent());
        double smoothing = section.get("labelSmoothing", Kind.labelSmoothing(), CROSS_ENTROPY.labelSmoothing());
        double calibration = section.get("calibrationWeight", Kind.atLeastZero(), 0.0);
        section.finish();
        if (beta == 0 && gamma == 0) {
            teacher.problem("loss", "beta and gamma must not both be 0: nothing would be learned");
            return CROSS_ENTROPY;
        }
        return new LossSettings(
                new LossWeights(0, beta, gamma),
                CROSS_ENTROPY.temperature(),
                CROSS_ENTROPY.klDirection(),
                form,
                exponent,
                smoothing,
                Distillation.PLAIN,
                calibration);
    }
}
