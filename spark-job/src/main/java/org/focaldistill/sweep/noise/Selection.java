package org.focaldistill.sweep.noise;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Seed;
import org.jspecify.annotations.Nullable;

/**
 * The best cell, and what it can be said to reach on the test images although it was picked from many.
 *
 * <p>The best of many cells is the luckiest, too: where it is picked by the numbers that are then told of it, these are
 * too good even if no cell differs from another. Held-out images alone do not mend that, as a student that is good by
 * the luck of its seed is good on them and on the test images. So where there are several seeds, each gives the test
 * number of the cell that the others chose, and the estimate is their mean. That is what choosing from one seed fewer
 * is worth, a little less than choosing from all where cells truly differ.
 *
 * @param cell the best over all seeds
 * @param chosenBy how it was chosen
 * @param candidates how many cells it was chosen from
 * @param picked for each seed the cell whose test number it gives
 * @param leftOut whether each of {@code picked} was chosen without its seed; else it is {@code cell} everywhere, and the
 *     numbers are those of these very students
 * @param estimate the test number, mean over {@code picked}
 * @param optimism by how much the mean of {@code cell} itself looks better than can be expected of it: the gain over the
 *     estimate where seeds were left out, which chance may put below 0; what is to be expected if no cell differs from
 *     another where there is only a measure of noise; null where it is not known
 */
public record Selection(
        LossWeights cell,
        ChosenBy chosenBy,
        int candidates,
        SortedMap<Seed, LossWeights> picked,
        boolean leftOut,
        double estimate,
        @Nullable Double optimism) {

    public Selection {
        picked = Collections.unmodifiableSortedMap(new TreeMap<>(picked));
    }

    /**
     * Chooses, among the cells of the largest table without gaps.
     *
     * @param better which values one wants
     * @param heldOut finite values on held-out images by cell and seed, of trials that have one in {@code test}; empty
     *     where no images were held out
     * @param test finite values of the same quantity on the test images
     * @param noise standard deviation of a test number round what its cell is worth, from elsewhere, for one seed without
     *     held-out images; null for none
     * @return nothing where there is no value
     */
    public static Optional<Selection> of(
            Better better,
            Map<LossWeights, Map<Seed, Double>> heldOut,
            Map<LossWeights, Map<Seed, Double>> test,
            @Nullable Double noise) {
        SeedTable<LossWeights> table = SeedTable.of(heldOut.isEmpty() ? test : heldOut, null);
        if (table == null) {
            return Optional.empty();
        }
        LossWeights cell = best(table, better, all(table));
        SortedMap<Seed, LossWeights> picked = pickedByOthers(table, better);
        boolean leftOut = !picked.isEmpty();
        if (!leftOut) {
            table.seeds().forEach(seed -> picked.put(seed, cell));
        }
        ChosenBy chosenBy = !heldOut.isEmpty() ? ChosenBy.HELD_OUT : leftOut ? ChosenBy.OTHER_SEEDS : ChosenBy.TEST;
        int candidates = table.cells().size();
        double estimate = mean(numbers(picked, test));
        return Optional.of(new Selection(
                cell,
                chosenBy,
                candidates,
                picked,
                leftOut,
                estimate,
                leftOut
                        ? (Double) better.gain(mean(numbersOf(cell, picked, test)) - estimate)
                        : byLuckAlone(chosenBy, candidates, noise)));
    }

    private static @Nullable Double byLuckAlone(ChosenBy chosenBy, int candidates, @Nullable Double noise) {
        if (candidates == 1) {
            return 0.0;
        }
        return chosenBy != ChosenBy.TEST || noise == null
                ? null
                : (Double) (noise * LargestNormal.expected(candidates));
    }

    private static SortedMap<Seed, LossWeights> pickedByOthers(SeedTable<LossWeights> table, Better better) {
        SortedMap<Seed, LossWeights> picked = new TreeMap<>();
        for (Seed seed : table.seeds()) {
            List<Integer> others = apart(table, seed);
            if (!others.isEmpty()) {
                picked.put(seed, best(table, better, others));
            }
        }
        return picked;
    }

    /** Where data seeds meet several init seeds, trials that share either have luck in common. */
    private static List<Integer> apart(SeedTable<LossWeights> table, Seed seed) {
        boolean oneData = table.seeds().stream().map(Seed::data).distinct().count() == 1;
        boolean oneInit = table.seeds().stream().map(Seed::init).distinct().count() == 1;
        return all(table).stream()
                .filter(other -> !table.seeds().get(other).equals(seed)
                        && (oneData || table.seeds().get(other).data() != seed.data())
                        && (oneInit || table.seeds().get(other).init() != seed.init()))
                .toList();
    }

    private static List<Integer> all(SeedTable<LossWeights> table) {
        return IntStream.range(0, table.seeds().size()).boxed().toList();
    }

    private static LossWeights best(SeedTable<LossWeights> table, Better better, List<Integer> seeds) {
        int best = 0;
        for (int cell = 1; cell < table.cells().size(); cell++) {
            best = better.gain(sum(table, cell, seeds) - sum(table, best, seeds)) > 0 ? cell : best;
        }
        return table.cells().get(best);
    }

    private static double sum(SeedTable<LossWeights> table, int cell, List<Integer> seeds) {
        return seeds.stream().mapToDouble(seed -> table.value(cell, seed)).sum();
    }

    /** The estimate's numbers of any quantity, one a seed of {@link #picked} that has it. */
    public List<Double> numbers(Map<LossWeights, Map<Seed, Double>> measured) {
        return numbers(picked, measured);
    }

    /** The numbers of a cell under the same seeds. */
    public List<Double> numbersOf(LossWeights other, Map<LossWeights, Map<Seed, Double>> measured) {
        return numbersOf(other, picked, measured);
    }

    private static List<Double> numbers(
            SortedMap<Seed, LossWeights> picked, Map<LossWeights, Map<Seed, Double>> measured) {
        List<Double> numbers = new ArrayList<>();
        picked.forEach((seed, cell) -> {
            Double value = measured.getOrDefault(cell, Map.of()).get(seed);
            if (value != null) {
                numbers.add(value);
            }
        });
        return numbers;
    }

    private static List<Double> numbersOf(
            LossWeights cell, SortedMap<Seed, LossWeights> picked, Map<LossWeights, Map<Seed, Double>> measured) {
        SortedMap<Seed, LossWeights> same = new TreeMap<>(picked);
        same.replaceAll((seed, other) -> cell);
        return numbers(same, measured);
    }

    private static double mean(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }
}
