package org.focaldistill.sweep.noise;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.focaldistill.sweep.Seed;
import org.jspecify.annotations.Nullable;

/**
 * In what the seeds of a table differ, and so what its noise is of: data order, initial weights or both at once, each seed
 * being a repetition; or every data order with every initialisation, where repetitions share one or the other.
 *
 * @param data how many data orders
 * @param init how many initialisations
 * @param seeds how many seeds
 */
public record SeedLayout(int data, int init, int seeds) {

    /** The layout of seeds; null where some share a data order or an initialisation and others do not. */
    public static @Nullable SeedLayout of(Collection<Seed> seeds) {
        int data = (int) seeds.stream().mapToLong(Seed::dataStream).distinct().count();
        int init = (int) seeds.stream().mapToLong(Seed::initStream).distinct().count();
        SeedLayout layout = new SeedLayout(data, init, seeds.size());
        boolean repetitions = data == 1 || init == 1 || (data == layout.seeds && init == layout.seeds);
        return repetitions || layout.seeds == data * init ? layout : null;
    }

    /** Seeds with a layout among these: all if they have one, else each set of init seeds with all data seeds that have it. */
    static List<List<Seed>> within(List<Seed> seeds) {
        if (of(seeds) != null) {
            return List.of(seeds);
        }
        Map<Long, Set<Long>> inits = new TreeMap<>();
        seeds.forEach(seed -> inits.computeIfAbsent(seed.dataStream(), data -> new TreeSet<>())
                .add(seed.initStream()));
        List<List<Seed>> crossings = new ArrayList<>();
        for (Set<Long> common : new LinkedHashSet<>(inits.values())) {
            Set<Long> data = inits.entrySet().stream()
                    .filter(row -> row.getValue().containsAll(common))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            crossings.add(seeds.stream()
                    .filter(seed -> data.contains(seed.dataStream()) && common.contains(seed.initStream()))
                    .toList());
        }
        return crossings;
    }

    /** Whether every data order meets every initialisation, and there are several of both. */
    public boolean crossed() {
        return data > 1 && init > 1 && seeds > Math.max(data, init);
    }

    /** Whether the initial weights are all the same. */
    public boolean oneInitialisation() {
        return init == 1 && seeds > 1;
    }

    /** Whether the data order is always the same. */
    public boolean oneDataOrder() {
        return data == 1 && seeds > 1;
    }

    /** For example {@code 5 seeds of data order, all from one initialisation}. */
    @Override
    public String toString() {
        if (seeds == 1) {
            return "one seed";
        }
        if (crossed()) {
            return data + " data x " + init + " init seeds";
        }
        return seeds + " seeds"
                + (oneInitialisation()
                        ? " of data order, all from one initialisation"
                        : oneDataOrder()
                                ? " of initial weights, all with one data order"
                                : " (data order and initial weights)");
    }
}
