package org.focaldistill.nn.averaging;

import org.focaldistill.nn.dl4j.GraphNetwork;
import org.focaldistill.train.Student;
import org.focaldistill.train.Students;
import org.focaldistill.train.Teacher;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.jspecify.annotations.Nullable;

/**
 * Local SGD (Stich 2019): several workers train copies of a network on batches of their own, and every few steps
 * parameters, velocities and batch norm's statistics of all become those of each. With one worker it is plain SGD; with
 * an averaging after every step it is SGD on the workers' batches together, except that batch norm normalises each
 * worker's by itself.
 *
 * <p>A step is one of every worker, and the numbers of a history are means over all of their batches: the gradient's norm
 * is the mean of the workers' norms, not that of the mean gradient. The averaged network is evaluated on Deeplearning4j, whatever
 * trains it.
 */
public final class ParameterAveraging implements Students {
    private final int workers;
    private final int frequency;
    private final Rounds rounds;

    /**
     * @param workers how many train at a time, at least 1
     * @param frequency steps between two averagings, at least 1
     * @param rounds where they train
     */
    public ParameterAveraging(int workers, int frequency, Rounds rounds) {
        if (workers < 1 || frequency < 1) {
            throw new IllegalArgumentException(
                    "workers and frequency must be at least 1, found " + workers + " and " + frequency);
        }
        this.workers = workers;
        this.frequency = frequency;
        this.rounds = rounds;
    }

    @Override
    public Student begin(
            TrainingTask task, TrainingData data, @Nullable Teacher teacher, TrialTrainer.LegControl control) {
        int images = task.order(data).size();
        return new AveragedStudent(
                GraphNetwork.of(task),
                rounds,
                control,
                workers,
                frequency,
                task.recipe().batchSize(),
                images);
    }
}
