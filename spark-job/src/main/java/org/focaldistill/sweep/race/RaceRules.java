package org.focaldistill.sweep.race;

/**
 * How a sweep's cells race. All begin with {@code first} seeds; after each round the ones about which the question is
 * answered get no more, and the others {@code step} seeds more, in the order of the sweep's seeds.
 *
 * @param question what is asked; {@link Question#NONE} for no race
 * @param by what cells are compared by
 * @param margin differences that do not matter, in the quantity's unit: a race for the best ends when all that are left are
 *     within it of the leader; one for equivalence needs it above 0
 * @param first seeds that all cells get, at least 2, as the noise is measured with them
 * @param step seeds a further round, at least 1
 * @param maxTrials trials of all rounds; 0 for no limit
 * @param maxHours hours of training of all rounds, summed over slots; 0 for no limit
 */
public record RaceRules(
        Question question, RaceQuantity by, double margin, int first, int step, int maxTrials, double maxHours) {
    /** No race. */
    public static final RaceRules NONE = new RaceRules(Question.NONE, RaceQuantity.CE, 0, 2, 1, 0, 0);

    public RaceRules {
        if (!(margin >= 0) || Double.isInfinite(margin)) {
            throw new IllegalArgumentException("margin must be a number >= 0, found " + margin);
        }
        if (question == Question.EQUIVALENT && margin == 0) {
            throw new IllegalArgumentException(
                    "margin must be above 0 for the question equivalent: no two cells are exactly equal");
        }
        if (first < 2 || step < 1) {
            throw new IllegalArgumentException(
                    "first must be at least 2 and step at least 1, found " + first + " and " + step);
        }
        if (maxTrials < 0 || !(maxHours >= 0)) {
            throw new IllegalArgumentException(
                    "maxTrials and maxHours must be at least 0, found " + maxTrials + " and " + maxHours);
        }
    }

    /** Whether there is a race. */
    public boolean isRace() {
        return question != Question.NONE;
    }

    /** Looks at the outcomes that there may be with so many seeds. */
    int looks(int seeds) {
        return seeds <= first ? 1 : 1 + (seeds - first + step - 1) / step;
    }

    /** Seeds of each cell that is still asked about at the 1-based look. */
    int seedsAt(int look, int seeds) {
        return Math.min(seeds, first + (look - 1) * step);
    }
}
