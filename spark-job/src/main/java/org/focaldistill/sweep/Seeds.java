package org.focaldistill.sweep;

import java.util.ArrayList;
import java.util.List;

/**
 * The seeds a sweep repeats its trials with.
 *
 * @param all in the order in which the trials start; at least one, each once
 */
public record Seeds(List<Seed> all) {
    public Seeds {
        all = Distinct.nonEmpty("seeds", all);
    }

    /** Each number for data order and initial weights at once. */
    public static Seeds of(List<Long> seeds) {
        return new Seeds(seeds.stream().map(Seed::of).toList());
    }

    /**
     * Every data seed with every init seed.
     *
     * @param data seeds of batch order, views and the held-out images
     * @param init seeds of the student's initial weights
     */
    public static Seeds crossed(List<Long> data, List<Long> init) {
        List<Long> every = Distinct.nonEmpty("initSeeds", init);
        List<Seed> all = new ArrayList<>();
        for (long one : Distinct.nonEmpty("dataSeeds", data)) {
            every.forEach(other -> all.add(Seed.plain(one, other)));
        }
        return new Seeds(all);
    }
}
