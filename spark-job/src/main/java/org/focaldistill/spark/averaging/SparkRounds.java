package org.focaldistill.spark.averaging;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.focaldistill.nn.averaging.BatchRange;
import org.focaldistill.nn.averaging.Rounds;
import org.focaldistill.nn.averaging.WorkerNote;
import org.focaldistill.spark.cluster.PlacedPartitions;
import org.focaldistill.spark.cluster.SparkCluster;

/** Rounds of a training as Spark jobs, a task a worker. */
public final class SparkRounds implements Rounds {
    private final JavaSparkContext spark;
    private final List<String> locations;
    private final AveragingMaster master;
    private final BatchLoader loader;

    /**
     * @param locations where the workers are best, in turn
     * @param training which training this is; no other one of the application is called the same
     * @param batchSize images of a worker's batch, at most
     * @param workers tasks of a round
     * @param frequency batches of a worker in a round
     * @param networks makes the workers' networks
     * @param batches opens what their batches are made of
     */
    public SparkRounds(
            JavaSparkContext spark,
            SerializableConfiguration configuration,
            List<String> locations,
            String training,
            int batchSize,
            int workers,
            int frequency,
            WorkerSource networks,
            BatchSource batches) {
        this.spark = spark;
        this.locations = locations;
        this.master = new AveragingMaster(workers, frequency, batchSize, training, networks);
        this.loader = new BatchLoader(batches, configuration);
    }

    @Override
    public List<WorkerNote> run(ComputationGraph network, int epoch, List<List<BatchRange>> ofWorkers) {
        RoundNotes notes =
                new RoundNotes(spark.sc().collectionAccumulator("worker notes"), SparkCluster.imageCounter(spark.sc()));
        master.begin(epoch, notes);
        try {
            ComputationGraph unused =
                    new SparkComputationGraph(spark, network, master).fitPaths(partitions(ofWorkers), loader);
            return List.copyOf(notes.notes().value());
        } finally {
            master.end();
        }
    }

    /** A partition a worker, as dealt. */
    private JavaRDD<String> partitions(List<List<BatchRange>> ofWorkers) {
        List<List<String>> paths = ofWorkers.stream()
                .map(batches -> batches.stream().map(BatchLoader::path).toList())
                .toList();
        return PlacedPartitions.of(spark, paths, locations).flatMap(List::iterator);
    }
}
