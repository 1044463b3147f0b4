package org.focaldistill.spark;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.focaldistill.train.BatchRange;
import org.focaldistill.train.Rounds;
import org.focaldistill.train.WorkerNote;

/** Rounds of a leg as Spark jobs, a task a worker. */
final class SparkRounds implements Rounds {
    private final JavaSparkContext spark;
    private final AveragingMaster master;
    private final BatchLoader loader;

    /** @param source makes the workers' networks */
    SparkRounds(
            JavaSparkContext spark,
            SerializableConfiguration configuration,
            Leg leg,
            int workers,
            int frequency,
            WorkerSource source) {
        this.spark = spark;
        this.master = new AveragingMaster(workers, frequency, leg.recipe().batchSize(), leg.checkpoints(), source);
        this.loader = new BatchLoader(leg, configuration);
    }

    @Override
    public List<WorkerNote> run(ComputationGraph network, int epoch, List<List<BatchRange>> ofWorkers) {
        RoundNotes notes = new RoundNotes(
                spark.sc().collectionAccumulator("worker notes"), spark.sc().longAccumulator(LiveImages.ACCUMULATOR));
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
        return spark.parallelize(paths, paths.size()).flatMap(List::iterator);
    }
}
