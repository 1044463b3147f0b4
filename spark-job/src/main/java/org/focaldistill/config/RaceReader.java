package org.focaldistill.config;

import org.focaldistill.sweep.Seeds;
import org.focaldistill.sweep.noise.SeedLayout;
import org.focaldistill.sweep.race.Question;
import org.focaldistill.sweep.race.RaceQuantity;
import org.focaldistill.sweep.race.RaceRules;

/** Reads {@code sweep.race}. */
final class RaceReader {
    private RaceReader() {}

    static RaceRules read(Section race) {
        Question question = race.get("question", Kind.choice(Question.class), Question.NONE);
        RaceQuantity by = race.get("by", Kind.choice(RaceQuantity.class), RaceQuantity.CE);
        double margin = race.get("margin", Kind.atLeastZero(), 0.0);
        int first = race.get("first", Kind.count(2), 2);
        int step = race.get("step", Kind.count(1), 1);
        int maxTrials = race.get("maxTrials", Kind.count(0), 0);
        double maxHours = race.get("maxHours", Kind.atLeastZero(), 0.0);
        race.finish();
        if (question == Question.EQUIVALENT && margin == 0) {
            race.problem("margin", "must be above 0 for the question equivalent: no two cells are exactly equal");
        }
        return race.make(
                "", RaceRules.NONE, () -> new RaceRules(question, by, margin, first, step, maxTrials, maxHours));
    }

    /** Before teachers are trained for it. */
    static void requireSeeds(RaceRules rules, Seeds seeds, Section sweep) {
        if (!rules.isRace()) {
            return;
        }
        SeedLayout layout = SeedLayout.of(seeds.all());
        if (layout != null && layout.crossed()) {
            sweep.problem(
                    "initSeeds",
                    "must not be crossed with dataSeeds in a race, whose seeds have to be independent: set seeds, or"
                            + " several of one of the two");
        } else if (seeds.all().size() <= rules.first()) {
            sweep.partial("race")
                    .problem(
                            "first",
                            "must be below the number of sweep.seeds, as a race goes on with the others; found "
                                    + rules.first() + " of " + seeds.all().size());
        }
    }
}
