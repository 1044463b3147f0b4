package org.focaldistill.config;

import org.focaldistill.sweep.stop.StopRules;

/** Reads {@code sweep.stop}. */
final class StopReader {
    private StopReader() {}

    /** @param validationImages held-out images there are */
    static StopRules read(Section stop, int validationImages) {
        StopRules.Rule rule = stop.get("rule", Kind.choice(StopRules.Rule.class), StopRules.Rule.NONE);
        StopRules.Yardstick by = stop.get("by", Kind.choice(StopRules.Yardstick.class), StopRules.Yardstick.CE);
        double from = stop.get(
                "from",
                Kind.number("a fraction of the epochs, above 0 and below 1", share -> share > 0 && share < 1),
                StopRules.NONE.from());
        int reduction = stop.get("reduction", Kind.count(2), StopRules.NONE.reduction());
        int atLeast = stop.get("atLeast", Kind.count(1), StopRules.NONE.atLeast());
        stop.finish();
        if (rule != StopRules.Rule.NONE && validationImages == 0) {
            stop.problem(
                    "rule",
                    "needs held-out images, and data.validation is 0: what compares trials before their end would be the"
                            + " test images, which are for the end, or the training loss, which is another yardstick in every"
                            + " cell. Hold some out, or set it to none");
        }
        return new StopRules(rule, by, from, reduction, atLeast);
    }
}
