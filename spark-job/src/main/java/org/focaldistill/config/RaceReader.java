package org.focaldistill.config;

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
        return race.make(
                "margin", RaceRules.NONE, () -> new RaceRules(question, by, margin, first, step, maxTrials, maxHours));
    }
}
