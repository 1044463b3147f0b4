package org.focaldistill.spark.slots;

import java.util.List;
import java.util.Set;

/**
 * Where a work is to run.
 *
 * @param executors one for each of its slots, by Spark's ids; none where Spark is to start one for it
 * @param locations the same, as Spark takes preferred locations of partitions
 * @param refused executors that it must not run on
 */
public record Placement(List<String> executors, List<String> locations, Set<String> refused) {
    public Placement {
        executors = List.copyOf(executors);
        locations = List.copyOf(locations);
        refused = Set.copyOf(refused);
    }
}
