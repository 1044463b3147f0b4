package org.focaldistill.spark;

import java.io.IOException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.focaldistill.nn.Engines;
import org.focaldistill.train.AveragingTrainer;
import org.focaldistill.train.RoundWorker;
import org.focaldistill.train.TrialTrainer;

/** Runs legs of trials that several slots train together, from a thread of the driver. */
final class AveragingLeg {
    private AveragingLeg() {}

    /**
     * Checks that this JVM can hold and measure a network.
     *
     * @throws IOException if it can not, with the reason
     */
    static void requireBackend() throws IOException {
        try {
            String unused = Engines.backend();
        } catch (LinkageError | RuntimeException e) {
            throw new IOException(
                    "Cannot train a trial on several slots: its network is averaged and measured in the driver, where"
                            + " ND4J has no backend. Start the driver where ND4J's native library loads"
                            + " (focaldistill doctor says whether it does), or set sweep.workersPerTrial = 1",
                    e);
        }
    }

    static LegReport run(
            JavaSparkContext spark, SerializableConfiguration configuration, StopSwitch stop, TrialLeg trialLeg)
            throws IOException {
        Leg leg = trialLeg.leg();
        int workers = trialLeg.trial().workers();
        int frequency = trialLeg.trial().averagingFrequency();
        SparkRounds rounds =
                new SparkRounds(spark, configuration, leg, workers, frequency, () -> new RoundWorker(leg.task()));
        TrialTrainer.LegControl control = new TrialTrainer.LegControl() {
            @Override
            public boolean stopRequested() {
                return stop.isPulled();
            }

            /** The workers count for themselves. */
            @Override
            public void trained(int images) {}
        };
        LegRunner runner =
                new LegRunner(configuration.value(), new AveragingTrainer(workers, frequency, rounds), control);
        return trialLeg.run(configuration.value(), runner, SlotPlace.ofDriver(workers));
    }
}
