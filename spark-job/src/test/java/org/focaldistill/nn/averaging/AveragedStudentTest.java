package org.focaldistill.nn.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.nn.dl4j.GraphNetwork;
import org.focaldistill.nn.dl4j.StateDict;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.train.NotFiniteException;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AveragedStudentTest {
    private static final TrialTrainer.LegControl RUN = new TrialTrainer.LegControl() {
        @Override
        public boolean stopRequested() {
            return false;
        }

        @Override
        public void trained(int images) {}
    };

    private static GraphNetwork network() {
        Recipe recipe = new Recipe(2, 8, 0.1, 0.9, 0, List.of(), 1);
        return GraphNetwork.of(new TrainingTask(
                Architecture.RESNET8.network(10), LossSettings.of(LossWeights.CROSS_ENTROPY), recipe, 0, 1, 1));
    }

    private static WorkerNote made(int worker, int step, double total) {
        return new WorkerNote.Made(worker, step, 8, new LossComponents(0, total, 0), total, worker + 1);
    }

    @ParameterizedTest
    @CsvSource({"180,1,48", "180,2,48", "181,2,48", "180,3,7", "97,4,24", "3,4,1", "2,3,5"})
    void every_image_is_in_one_batch_of_an_epoch_and_workers_shares_of_a_step_are_equal_to_an_image(
            int images, int workers, int batchSize) {
        List<List<BatchRange>> steps = AveragedStudent.steps(5, images, workers, batchSize);
        assertThat(steps).hasSize((images + workers * batchSize - 1) / (workers * batchSize));
        List<Integer> seen = new ArrayList<>();
        for (List<BatchRange> step : steps) {
            assertThat(step).hasSizeBetween(1, workers);
            int[] sizes = step.stream().mapToInt(BatchRange::images).toArray();
            assertThat(IntStream.of(sizes).max().getAsInt())
                    .isLessThanOrEqualTo(
                            Math.min(batchSize, IntStream.of(sizes).min().getAsInt() + 1));
            step.forEach(batch -> IntStream.range(batch.from(), batch.to()).forEach(seen::add));
        }
        assertThat(seen).isEqualTo(IntStream.range(0, images).boxed().toList());
    }

    @Test
    void rounds_have_the_frequency_s_steps_and_the_last_what_is_left() {
        List<List<Integer>> dealt = new ArrayList<>();
        Rounds rounds = (graph, epoch, ofWorkers) -> {
            dealt.add(ofWorkers.stream().map(List::size).toList());
            return List.of();
        };
        try (AveragedStudent student = new AveragedStudent(network(), rounds, RUN, 2, 3, 8, 16 * 5 + 1)) {
            assertThat(student.train(0, shares -> {})).isTrue();
        }
        // 81 images are five steps of 2 x 8 and one of a single image, which one worker gets.
        assertThat(dealt).containsExactly(List.of(3, 3), List.of(3, 2));
    }

    @Test
    void steps_are_told_in_their_order_whichever_worker_was_first() {
        Rounds rounds =
                (graph, epoch, ofWorkers) -> List.of(made(1, 1, 4), made(0, 0, 1), made(1, 0, 3), made(0, 1, 2));
        List<List<Double>> told = new ArrayList<>();
        try (AveragedStudent student = new AveragedStudent(network(), rounds, RUN, 2, 2, 8, 32)) {
            student.train(
                    0,
                    shares -> told.add(
                            shares.stream().map(share -> share.step().total()).toList()));
        }
        assertThat(told).containsExactly(List.of(1.0, 3.0), List.of(2.0, 4.0));
    }

    @Test
    void the_first_step_of_any_worker_that_is_not_finite_ends_it_after_the_steps_before() {
        Rounds rounds = (graph, epoch, ofWorkers) -> List.of(
                made(0, 0, 1), made(0, 1, 2), made(0, 2, 2), made(1, 0, 3), new WorkerNote.NotFinite(1, 1, "CE"));
        List<Integer> told = new ArrayList<>();
        try (AveragedStudent student = new AveragedStudent(network(), rounds, RUN, 2, 3, 8, 48)) {
            assertThatThrownBy(() -> student.train(0, shares -> told.add(shares.size())))
                    .isInstanceOf(NotFiniteException.class)
                    .hasMessage("CE is not finite");
        }
        assertThat(told).containsExactly(2);
    }

    @Test
    void the_spread_of_the_workers_running_means_is_added_to_the_running_variances() {
        try (GraphNetwork network = network()) {
            float[] first = NormStatistics.means(network.graph());
            float[] second = first.clone();
            for (int i = 0; i < first.length; i++) {
                second[i] += 2;
            }
            NormStatistics.addSpread(network.graph(), List.of(first, second), 2);
            StateDict.tensors(network.graph()).forEach((name, tensor) -> {
                if (name.endsWith("running_var")) {
                    // 1 at first; two values 2 apart have the variance 1, after two steps of 0.1 to 0.19 of the way.
                    assertThat(tensor.getDouble(0)).isCloseTo(1 + 1 / 0.19, within(1e-5));
                }
            });
        }
    }
}
