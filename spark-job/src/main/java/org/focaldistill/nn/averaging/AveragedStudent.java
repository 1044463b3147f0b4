package org.focaldistill.nn.averaging;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.focaldistill.nn.dl4j.GraphNetwork;
import org.focaldistill.nn.dl4j.GraphStudent;
import org.focaldistill.train.NotFiniteException;
import org.focaldistill.train.Step;
import org.focaldistill.train.StepLog;
import org.focaldistill.train.TrialTrainer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the steps of an epoch in rounds of several workers. A step takes a batch of the recipe's size for each worker, so an
 * epoch has a {@code workers}-th of the steps of plain SGD; its last step deals out what is left in equal parts, and its
 * last round has as many steps as are left. No image is left out, and none seen twice.
 */
final class AveragedStudent extends GraphStudent {
    private final Rounds rounds;
    private final TrialTrainer.LegControl control;
    private final int workers;
    private final int frequency;
    private final int batchSize;
    private final int images;

    /**
     * @param workers how many train at a time
     * @param frequency steps a round
     * @param batchSize images a worker's step
     * @param images images an epoch
     */
    AveragedStudent(
            GraphNetwork network,
            Rounds rounds,
            TrialTrainer.LegControl control,
            int workers,
            int frequency,
            int batchSize,
            int images) {
        super(network);
        this.rounds = rounds;
        this.control = control;
        this.workers = workers;
        this.frequency = frequency;
        this.batchSize = batchSize;
        this.images = images;
    }

    @Override
    public boolean train(int epoch, StepLog made) {
        List<List<BatchRange>> steps = steps(epoch, images, workers, batchSize);
        for (int from = 0; from < steps.size(); from += frequency) {
            if (control.stopRequested()) {
                return false;
            }
            List<List<BatchRange>> ofRound = steps.subList(from, Math.min(from + frequency, steps.size()));
            List<WorkerNote> notes = round(epoch, dealt(ofRound));
            if (notes == null) {
                return false;
            }
            report(notes, ofRound.size(), made);
            NormStatistics.addSpread(network().graph(), means(notes), ofRound.size());
        }
        return true;
    }

    /** Null if it was cut short because all is to stop. */
    private @Nullable List<WorkerNote> round(int epoch, List<List<BatchRange>> ofWorkers) {
        network().startEpoch(epoch);
        try {
            return network().change(graph -> rounds.run(graph, epoch, ofWorkers));
        } catch (Exception e) {
            // Spark throws checked exceptions past the compiler.
            if (control.stopRequested()) {
                return null;
            }
            throw e;
        }
    }

    /** The batches of each step, at most one a worker. */
    static List<List<BatchRange>> steps(int epoch, int images, int workers, int batchSize) {
        List<List<BatchRange>> steps = new ArrayList<>();
        int ofStep = Math.multiplyExact(workers, batchSize);
        for (int from = 0; from < images; from += ofStep) {
            int size = Math.min(ofStep, images - from);
            List<BatchRange> batches = new ArrayList<>();
            for (int worker = 0; worker < workers; worker++) {
                int begin = from + share(size, worker, workers);
                int end = from + share(size, worker + 1, workers);
                if (end > begin) {
                    batches.add(new BatchRange(epoch, begin, end));
                }
            }
            steps.add(batches);
        }
        return steps;
    }

    private static int share(int images, int worker, int workers) {
        return (int) ((long) images * worker / workers);
    }

    private List<List<BatchRange>> dealt(List<List<BatchRange>> steps) {
        List<List<BatchRange>> ofWorkers = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            List<BatchRange> batches = new ArrayList<>();
            for (List<BatchRange> step : steps) {
                if (worker < step.size()) {
                    batches.add(step.get(worker));
                }
            }
            if (!batches.isEmpty()) {
                ofWorkers.add(batches);
            }
        }
        return ofWorkers;
    }

    /** In the order of steps and workers, so that sums do not depend on which worker was faster. */
    private static void report(List<WorkerNote> notes, int steps, StepLog made) {
        for (int step = 0; step < steps; step++) {
            List<StepLog.Share> shares = new ArrayList<>();
            for (WorkerNote note : ofStep(notes, step)) {
                if (note instanceof WorkerNote.NotFinite bad) {
                    throw new NotFiniteException(bad.what());
                }
                if (note instanceof WorkerNote.Made good) {
                    shares.add(new StepLog.Share(
                            new Step(good.components(), good.total(), good.gradientNorm()), good.images()));
                }
            }
            made.step(shares);
        }
    }

    private static List<WorkerNote> ofStep(List<WorkerNote> notes, int step) {
        return notes.stream()
                .filter(note -> (note instanceof WorkerNote.Made made && made.step() == step)
                        || (note instanceof WorkerNote.NotFinite bad && bad.step() == step))
                .sorted(Comparator.comparingInt(WorkerNote::worker))
                .toList();
    }

    private static List<float[]> means(List<WorkerNote> notes) {
        return notes.stream()
                .sorted(Comparator.comparingInt(WorkerNote::worker))
                .filter(WorkerNote.RunningMeans.class::isInstance)
                .map(note -> ((WorkerNote.RunningMeans) note).values())
                .toList();
    }
}
