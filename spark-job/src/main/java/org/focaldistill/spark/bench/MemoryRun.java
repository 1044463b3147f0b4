package org.focaldistill.spark.bench;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.nn.backend.NativeMemory;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.ExecutorCache;
import org.focaldistill.sweep.Computation;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrialTrainer;

/**
 * Work of a slot whose use of memory is wanted: one training, looked at now and then.
 *
 * @param model the network to train
 * @param data the images
 * @param computation what trains it
 * @param steps how many optimiser steps
 * @param everySteps steps from one look to the next
 */
record MemoryRun(String model, DataLocation data, Computation computation, int steps, int everySteps)
        implements Serializable {

    /**
     * What was seen.
     *
     * @param outsideHeap bytes of the process outside the Java heap, one a look
     * @param resident bytes of the whole process at the last look, its heap and all images among it
     */
    record Seen(List<Long> outsideHeap, long resident) implements Serializable {
        Seen {
            outsideHeap = List.copyOf(outsideHeap);
        }
    }

    Seen run(Configuration configuration) throws IOException {
        TrainingData images = ExecutorCache.OF_THIS_JVM.data(data, configuration);
        Looks looks = new Looks();
        TimedRun.trainUntilStopped(
                model, data, computation, LossSettings.of(LossWeights.CROSS_ENTROPY), images, null, looks);
        return new Seen(looks.outsideHeap, looks.resident);
    }

    private final class Looks implements TrialTrainer.LegControl {
        private final List<Long> outsideHeap = new ArrayList<>();
        private int done;
        private long resident;

        @Override
        public boolean stopRequested() {
            return done >= steps;
        }

        @Override
        public void trained(int batch) {
            int before = done;
            // An engine that tells of many steps at once has a last look at the first end of a part that it passes.
            done += Math.max(1, batch / TimedRun.BATCH);
            if (done / everySteps > before / everySteps) {
                resident = NativeMemory.resident();
                outsideHeap.add(NativeMemory.outsideHeap());
            }
        }
    }
}
