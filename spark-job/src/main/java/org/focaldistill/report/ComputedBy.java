package org.focaldistill.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.text.Words;

/**
 * What computed trials, where a reader has to know.
 *
 * @param trials how many each kind of engine, numerics and kernels computed
 * @param slow how many of them ND4J's operations computed on CPUs
 */
record ComputedBy(Map<String, Long> trials, long slow) {
    /** How rows name them. */
    private static final String SLOW = "nd4j operations on CpuBackend";

    static ComputedBy of(Collection<TrialOutcome> outcomes) {
        return new ComputedBy(
                outcomes.stream().collect(Collectors.groupingBy(ComputedBy::kind, TreeMap::new, Collectors.counting())),
                outcomes.stream()
                        .filter(outcome -> outcome.run().backend().contains(SLOW))
                        .count());
    }

    /**
     * Cards of one model compute alike; what tells one from the other stands in brackets behind the name. What several workers
     * have trained on cards is measured on a CPU, and so computed otherwise than what a card trained and measured.
     */
    private static String kind(TrialOutcome outcome) {
        Trial trial = outcome.trial();
        String backend = outcome.run().backend();
        return trial.computation() + ", " + (trial.computation().onCard() ? models(backend) : backend);
    }

    /** Of one card, or of the several that a trial's workers had and of the CPU that measured. */
    private static String models(String backend) {
        return Arrays.stream(backend.split(TrialOutcome.Run.AND))
                .map(part -> part.startsWith(TrialOutcome.Run.MEASURED_BY) ? part : part.replaceFirst(" \\(.*", ""))
                .distinct()
                .sorted()
                .collect(Collectors.joining(TrialOutcome.Run.AND));
    }

    /** A sentence where they were not all computed alike, so that their differences are of that, too. */
    Optional<String> mixed() {
        return trials.size() < 2
                ? Optional.empty()
                : Optional.of("These trials were not all computed alike: "
                        + trials.entrySet().stream()
                                .map(entry -> entry.getValue() + " by " + entry.getKey())
                                .collect(Collectors.joining("; "))
                        + ". They round differently, which training magnifies, so some of a difference between cells may"
                        + " be of that.");
    }

    /** What a person who looks at a running sweep has to know. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        mixed().ifPresent(warnings::add);
        if (slow > 0) {
            warnings.add(Words.count(slow, "trial") + " of these ran on ND4J's operations, up to 37 times slower than"
                    + " oneDNN: `doctor` says on a machine why.");
        }
        return warnings;
    }
}
