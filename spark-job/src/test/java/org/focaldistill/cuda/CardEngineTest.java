package org.focaldistill.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.cuda.driver.StandIn;
import org.focaldistill.data.CifarDataSet;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.Views;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.Network;
import org.focaldistill.nn.dl4j.Dl4jEngine;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.train.Classifier;
import org.focaldistill.train.EpochResult;
import org.focaldistill.train.OnlineTeacher;
import org.focaldistill.train.Students;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingState;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Tensor;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole trainings on the card that the stand-in is, beside those on the CPU's engine. */
class CardEngineTest {
    private static final CifarDataSet IMAGES = GeneratedImages.generate(14, 6, 3);
    private static final TrainingData DATA = new TrainingData(IMAGES.train(), IMAGES.test());
    private static final Dl4jEngine CPU = new Dl4jEngine();
    private static final TrialTrainer.LegControl RUN = new TrialTrainer.LegControl() {
        @Override
        public boolean stopRequested() {
            return false;
        }

        @Override
        public void trained(int images) {}
    };

    private static CardEngine card;

    @BeforeAll
    static void open() throws NoCardException {
        StandIn.card().close();
        card = CardEngine.open(0);
    }

    @AfterAll
    static void close() {
        if (card != null) {
            card.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void its_logits_are_the_cpu_s(Architecture architecture) throws Exception {
        Network network = architecture.network(10);
        Map<String, Tensor> tensors = NetworkTensors.initial(network, 5);
        int[] indices = {3, 0};
        try (Classifier ours = card.classifier(network, tensors, "x");
                Classifier theirs = CPU.classifier(network, tensors, "x")) {
            double[] expected = theirs.logits(DATA.train(), indices, index -> Views.of(index, 7));
            double[] found = ours.logits(DATA.train(), indices, index -> Views.of(index, 7));
            double largest = 0;
            for (double logit : expected) {
                largest = Math.max(largest, Math.abs(logit));
            }
            assertThat(found).containsExactly(expected, within(1e-4 * largest));
        }
    }

    @Test
    void a_training_is_the_cpu_s_to_float_s_precision() throws Exception {
        Recipe recipe = new Recipe(2, 4, 0.01, 0.9, 5e-4, List.of(0.5), 0.1);
        TrainingTask task = new TrainingTask(
                Architecture.RESNET8.network(100), LossSettings.of(new LossWeights(0.5, 0.5, 0.1)), recipe, 4, 1, 1);
        TrainingState ours = train(card, task);
        TrainingState theirs = train(CPU, task);
        for (int epoch = 0; epoch < 2; epoch++) {
            EpochResult found = ours.history().get(epoch);
            EpochResult expected = theirs.history().get(epoch);
            assertThat(found.train().total()).isCloseTo(expected.train().total(), within(1e-4));
            assertThat(found.gradNorm()).isCloseTo(expected.gradNorm(), within(1e-3 * expected.gradNorm()));
        }
        ours.tensors()
                .forEach((name, tensor) -> assertThat(tensor.values())
                        .as(name)
                        .containsExactly(theirs.tensors().get(name).values(), within(1e-3f)));
    }

    private static TrainingState train(Students engine, TrainingTask task) throws Exception {
        Map<String, Tensor> tensors = NetworkTensors.initial(task.network(), 99);
        try (Classifier network = CPU.classifier(task.network(), tensors, "teacher")) {
            OnlineTeacher teacher = new OnlineTeacher(network, DATA, new OnlineTeacher.Sets());
            return ((TrialTrainer.Finished) new TrialTrainer(engine)
                            .train(task, DATA, teacher, null, task.recipe().epochs(), RUN))
                    .state();
        }
    }
}
