package org.focaldistill.nn.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class HeavyBallTest {
    private static final double MOMENTUM = 0.9;

    /** 0.1 in epochs 0 and 1, 0.01 from epoch 2. */
    private static HeavyBall heavyBall() {
        return new HeavyBall(new MapSchedule(ScheduleType.EPOCH, Map.of(0, 0.1, 2, 0.01)), MOMENTUM);
    }

    @Test
    void velocity_gathers_gradients_and_the_learning_rate_of_the_moment_scales_it() {
        // Deeplearning4j's views of the state are rows, of the gradient vectors.
        INDArray velocity = Nd4j.create(DataType.DOUBLE, 1, 3);
        GradientUpdater<HeavyBall> updater = heavyBall().instantiate(velocity, true);
        double[] v = new double[3];
        double[] w = {1, 2, 3};
        INDArray weights = Nd4j.create(w.clone(), new long[] {3}, 'c');
        for (int step = 0; step < 12; step++) {
            int epoch = step / 4;
            double rate = epoch < 2 ? 0.1 : 0.01;
            double[] g = {Math.sin(step), -step, 0.5};
            INDArray gradient = Nd4j.create(g.clone(), new long[] {3}, 'c');
            updater.applyUpdater(gradient, step, epoch);
            weights.subi(gradient);
            for (int i = 0; i < 3; i++) {
                v[i] = MOMENTUM * v[i] + g[i];
                w[i] -= rate * v[i];
            }
            assertThat(weights.data().asDouble())
                    .as("weights after step %d", step)
                    .containsExactly(w, within(1e-12));
            assertThat(velocity.data().asDouble())
                    .as("velocity after step %d", step)
                    .containsExactly(v, within(1e-12));
        }
    }

    @Test
    void a_drop_of_the_learning_rate_acts_at_once() {
        double before = moved(1);
        double after = moved(2);
        assertThat(after).isCloseTo(before / 10, within(1e-12));
    }

    /** What the second of two equal gradients moves if it comes in this epoch, the first in epoch 0. */
    private static double moved(int epochOfSecond) {
        GradientUpdater<HeavyBall> updater = heavyBall().instantiate(Nd4j.create(DataType.DOUBLE, 1), true);
        updater.applyUpdater(Nd4j.ones(DataType.DOUBLE, 1), 0, 0);
        INDArray gradient = Nd4j.ones(DataType.DOUBLE, 1);
        updater.applyUpdater(gradient, 1, epochOfSecond);
        return gradient.getDouble(0);
    }

    @Test
    void a_new_updater_starts_at_rest_and_a_resumed_one_with_the_velocity_it_is_given() {
        INDArray view = Nd4j.valueArrayOf(new long[] {1, 2}, 5.0, DataType.DOUBLE);
        GradientUpdater<HeavyBall> resumed = heavyBall().instantiate(view, false);
        INDArray gradient = Nd4j.zeros(DataType.DOUBLE, 2);
        resumed.applyUpdater(gradient, 0, 0);
        assertThat(gradient.getDouble(0)).isCloseTo(0.1 * MOMENTUM * 5, within(1e-12));

        GradientUpdater<HeavyBall> unused = heavyBall().instantiate(view, true);
        assertThat(view.data().asDouble()).containsOnly(0);
    }

    @Test
    void it_keeps_one_number_a_parameter() {
        assertThat(heavyBall().stateSize(1234)).isEqualTo(1234);
    }

    @Test
    void a_copy_is_equal_and_has_a_schedule_of_its_own() {
        HeavyBall original = heavyBall();
        HeavyBall copy = (HeavyBall) original.clone();
        assertThat(copy).isEqualTo(original).hasSameHashCodeAs(original);
        assertThat(copy).isNotEqualTo(new HeavyBall(new MapSchedule(ScheduleType.EPOCH, Map.of(0, 0.1, 2, 0.01)), 0.8));
        copy.setLrAndSchedule(Double.NaN, new MapSchedule(ScheduleType.EPOCH, Map.of(0, 7.0)));
        assertThat(copy.getLearningRate(0, 0)).isEqualTo(7);
        assertThat(original.getLearningRate(0, 0)).isEqualTo(0.1);
    }

    @Test
    void a_fixed_learning_rate_is_refused() {
        assertThatThrownBy(() -> heavyBall().setLrAndSchedule(0.5, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found the fixed rate 0.5");
    }
}
