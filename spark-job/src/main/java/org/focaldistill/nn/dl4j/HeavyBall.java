package org.focaldistill.nn.dl4j;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * SGD with heavy-ball momentum as PyTorch has it (Polyak 1964): {@code v = momentum * v + g; w = w - learningRate * v}.
 * The learning rate stands outside the velocity, so a drop acts at once; ND4J's Nesterovs keeps it inside and looks
 * ahead. Weight decay comes in {@code g}, from the layers' L2 regularisation.
 */
final class HeavyBall implements IUpdater {
    private static final long serialVersionUID = 1;
    private static final String VELOCITY = "velocity";

    private ISchedule learningRate;

    private final double momentum;

    HeavyBall(ISchedule learningRate, double momentum) {
        this.learningRate = learningRate;
        this.momentum = momentum;
    }

    @Override
    public long stateSize(long parameters) {
        return parameters;
    }

    @Override
    public GradientUpdater<HeavyBall> instantiate(INDArray view, boolean initialise) {
        Step step = new Step(view);
        if (initialise) {
            view.assign(0);
        }
        return step;
    }

    @Override
    public GradientUpdater<HeavyBall> instantiate(Map<String, INDArray> state, boolean initialise) {
        return instantiate(Objects.requireNonNull(state.get(VELOCITY), VELOCITY), initialise);
    }

    @Override
    public IUpdater clone() {
        return new HeavyBall(learningRate.clone(), momentum);
    }

    @Override
    public double getLearningRate(int iteration, int epoch) {
        return learningRate.valueAt(iteration, epoch);
    }

    @Override
    public boolean hasLearningRate() {
        return true;
    }

    @Override
    public void setLrAndSchedule(double rate, ISchedule schedule) {
        if (schedule == null) {
            throw new IllegalArgumentException("The heavy ball takes a schedule, found the fixed rate " + rate);
        }
        learningRate = schedule;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HeavyBall that && momentum == that.momentum && learningRate.equals(that.learningRate);
    }

    @Override
    public int hashCode() {
        return Objects.hash(momentum, learningRate);
    }

    /** Moves one block of parameters. */
    private final class Step implements GradientUpdater<HeavyBall> {
        private INDArray velocity;

        Step(INDArray view) {
            velocity = view.reshape(view.length());
        }

        @Override
        public HeavyBall getConfig() {
            return HeavyBall.this;
        }

        @Override
        public void setState(Map<String, INDArray> state, boolean initialise) {
            setStateViewArray(Objects.requireNonNull(state.get(VELOCITY), VELOCITY), new long[0], 'c', initialise);
        }

        @Override
        public Map<String, INDArray> getState() {
            return Map.of(VELOCITY, velocity);
        }

        @Override
        public void setStateViewArray(INDArray view, long[] shape, char order, boolean initialise) {
            velocity = view.reshape(view.length());
            if (initialise) {
                velocity.assign(0);
            }
        }

        /** Replaces the gradient by what is to be subtracted from the parameters. */
        @Override
        public void applyUpdater(INDArray gradient, int iteration, int epoch) {
            velocity.muli(momentum).addi(gradient);
            velocity.mul(getLearningRate(iteration, epoch), gradient);
        }
    }
}
