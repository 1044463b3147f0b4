package org.focaldistill.report;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Which of many can not be bettered in one thing without losing in another. */
final class ParetoFront {
    private ParetoFront() {}

    /**
     * Those that no other one beats in both, by the first thing.
     *
     * @param first what is wanted, the more the better
     * @param second what is wanted as well
     */
    static <T> List<T> of(List<T> all, ToDoubleFunction<T> first, ToDoubleFunction<T> second) {
        return all.stream()
                .filter(each -> all.stream()
                        .noneMatch(other -> first.applyAsDouble(other) >= first.applyAsDouble(each)
                                && second.applyAsDouble(other) >= second.applyAsDouble(each)
                                && (first.applyAsDouble(other) > first.applyAsDouble(each)
                                        || second.applyAsDouble(other) > second.applyAsDouble(each))))
                .sorted(Comparator.comparingDouble(first))
                .toList();
    }
}
