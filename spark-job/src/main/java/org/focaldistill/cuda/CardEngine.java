package org.focaldistill.cuda;

import java.util.Map;
import org.focaldistill.cuda.driver.Card;
import org.focaldistill.cuda.driver.CardStream;
import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.net.Network;
import org.focaldistill.train.Classifier;
import org.focaldistill.train.Engine;
import org.focaldistill.train.Student;
import org.focaldistill.train.Teacher;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Tensor;
import org.jspecify.annotations.Nullable;

/** Whole training steps on one card, in fp32. What it began is to be closed before it. */
public final class CardEngine implements Engine, AutoCloseable {
    /** Images at a time of a network that only classifies. */
    private static final int BATCH = 128;

    private final Card card;
    private final StepKernels kernels;
    private final CardImages images;

    private CardEngine(Card card, StepKernels kernels, CardImages images) {
        this.card = card;
        this.kernels = kernels;
        this.images = images;
    }

    /**
     * Opens a card.
     *
     * @param ordinal its number among those this process sees
     * @throws NoCardException if it can not be used
     */
    public static CardEngine open(int ordinal) throws NoCardException {
        Card card = Card.open(ordinal);
        try (CardStream stream = card.stream()) {
            return new CardEngine(card, new StepKernels(card, stream), new CardImages(card));
        }
    }

    @Override
    public String kernels() {
        return "cuda";
    }

    @Override
    public String description() {
        return card.info().toString();
    }

    @Override
    public Student begin(
            TrainingTask task, TrainingData data, @Nullable Teacher teacher, TrialTrainer.LegControl control) {
        int batch = task.recipe().batchSize();
        int steps = (task.order(data).size() + batch - 1) / batch;
        Program program = Program.training(task.network(), batch, steps);
        return new CardStudent(new Arena(card, kernels, images, program), task, data, teacher, control);
    }

    @Override
    public Classifier classifier(Network network, Map<String, Tensor> tensors, String name)
            throws InvalidModelException {
        NetworkTensors.require(network, tensors, name);
        Program program = Program.evaluation(network, BATCH);
        Arena arena = new Arena(card, kernels, images, program);
        arena.write(program.tensors().all(), program.tensors()::of, tensors);
        return new CardClassifier(arena);
    }

    @Override
    public void close() {
        images.close();
        kernels.close();
        card.close();
    }
}
