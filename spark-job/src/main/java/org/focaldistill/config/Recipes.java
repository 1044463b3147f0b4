package org.focaldistill.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.Schedule;

/** The common recipe and the learning rates of the architectures that need another one. */
final class Recipes {
    /** What is planned and recorded epoch by epoch still fits memory. */
    private static final int MOST_EPOCHS = 100_000;

    private static final Recipe STAND_IN = new Recipe(1, 1, 1, 0, 0, List.of(), 1);

    private final Recipe common;
    private final Map<String, Double> learningRates;

    private Recipes(Recipe common, Map<String, Double> learningRates) {
        this.common = common;
        this.learningRates = learningRates;
    }

    static Recipes read(Section section, Set<String> models) {
        Recipe common = overlay(section, STAND_IN);
        Section rates = section.section("learningRateFor");
        Map<String, Double> learningRates = new HashMap<>();
        for (String model : rates.names()) {
            if (!models.contains(model)) {
                rates.problem(model, "no such model; " + Spelling.hint(model, models));
            }
            learningRates.put(model, rates.get(model, Kind.aboveZero(), 1.0));
        }
        section.finish();
        return new Recipes(common, learningRates);
    }

    /** The recipe of an architecture. */
    Recipe of(String model) {
        double rate = learningRates.getOrDefault(model, common.learningRate());
        return new Recipe(
                common.epochs(),
                common.batchSize(),
                rate,
                common.momentum(),
                common.weightDecay(),
                common.dropAt(),
                common.dropFactor(),
                common.schedule(),
                common.warmupEpochs());
    }

    /** The recipe of an architecture with the changes a section makes to it. */
    Recipe of(String model, Section changes) {
        Recipe recipe = overlay(changes, of(model));
        changes.finish();
        return recipe;
    }

    private static Recipe overlay(Section section, Recipe base) {
        int epochs = section.get("epochs", Kind.count(1, MOST_EPOCHS), base.epochs());
        int batchSize = section.get("batchSize", Kind.count(1), base.batchSize());
        double learningRate = section.get("learningRate", Kind.aboveZero(), base.learningRate());
        double momentum =
                section.get("momentum", Kind.number("a number in [0, 1)", m -> m >= 0 && m < 1), base.momentum());
        double weightDecay = section.get("weightDecay", Kind.atLeastZero(), base.weightDecay());
        Kind<Double> part = Kind.number("a number in (0, 1]", f -> f > 0 && f <= 1);
        List<Double> dropAt = section.list("dropAt", part, base.dropAt());
        double dropFactor = section.get("dropFactor", part, base.dropFactor());
        Schedule schedule = section.get("schedule", Kind.choice(Schedule.class), base.schedule());
        int warmupEpochs = section.get("warmupEpochs", Kind.count(0, MOST_EPOCHS), base.warmupEpochs());
        if (warmupEpochs >= epochs && epochs > 0) {
            section.problem("warmupEpochs", "must be fewer than the " + epochs + " epochs, found " + warmupEpochs);
            return base;
        }
        return section.make(
                "dropAt",
                base,
                () -> new Recipe(
                        epochs,
                        batchSize,
                        learningRate,
                        momentum,
                        weightDecay,
                        dropAt,
                        dropFactor,
                        schedule,
                        warmupEpochs));
    }
}
