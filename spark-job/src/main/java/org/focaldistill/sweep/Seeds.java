package org.focaldistill.sweep;

import java.util.List;

/**
 * The seeds a sweep repeats its trials with; every data seed meets every init seed.
 *
 * @param data seeds of batch order, views and the validation split
 * @param init seeds of the student's initial weights
 */
public record Seeds(List<Long> data, List<Long> init) {
    public Seeds {
        data = Distinct.nonEmpty("dataSeeds", data);
        init = Distinct.nonEmpty("initSeeds", init);
    }
}
