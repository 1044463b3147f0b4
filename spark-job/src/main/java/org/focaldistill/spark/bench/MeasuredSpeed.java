package org.focaldistill.spark.bench;

import java.io.IOException;
import java.util.List;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.sweep.Computation;

/** The speed of this cluster, from a measurement of some seconds. */
final class MeasuredSpeed implements Speed {
    private static final int SECONDS = 6;

    private final Benchmark benchmark;

    /**
     * @param data a part of the images
     * @param folder for teachers of random weights, empty; to be deleted afterwards
     * @param computation what trains and runs networks
     */
    MeasuredSpeed(SparkCluster cluster, Console console, DataLocation data, String folder, Computation computation) {
        this.benchmark = new Benchmark(
                cluster, console, data, new BenchmarkTeachers(cluster, data, folder, computation), 1, SECONDS);
    }

    @Override
    public List<String> assumptions() {
        return List.of();
    }

    @Override
    public Reading reading(TimedRun.Kind kind, String model, String teacher, int slots) throws IOException {
        return new Reading(
                benchmark.reading(kind, model, teacher, slots),
                "Measured for " + SECONDS + " s on " + Benchmark.slots(slots));
    }
}
