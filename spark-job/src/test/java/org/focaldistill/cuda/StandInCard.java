package org.focaldistill.cuda;

import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.cuda.driver.StandIn;

/** The card that the stand-in is, opened for tests of other packages. */
public final class StandInCard {
    private StandInCard() {}

    /** For networks that classify two images at a time. */
    public static OpenCard open() throws NoCardException {
        return OpenCard.of(StandIn.card(), 2);
    }
}
