package org.focaldistill.cuda;

import java.util.Map;
import org.focaldistill.cuda.driver.Card;
import org.focaldistill.cuda.driver.CardStream;
import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.data.ImageSet;
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
    private static final int BATCH = 128;

    private final Card card;
    private final StepKernels kernels;
    private final CardImages images;
    private final Locksteps locksteps;
    private final int batch;

    private CardEngine(Card card, StepKernels kernels, CardImages images, int batch) {
        this.card = card;
        this.kernels = kernels;
        this.images = images;
        this.locksteps = new Locksteps(card, kernels);
        this.batch = batch;
    }

    /**
     * Opens a card.
     *
     * @param ordinal its number among those this process sees
     * @throws NoCardException if it can not be used
     */
    public static CardEngine open(int ordinal) throws NoCardException {
        return on(Card.open(ordinal), BATCH);
    }

    /**
     * An engine on a card, which it closes.
     *
     * @param batch images at a time of a network that only classifies
     */
    static CardEngine on(Card card, int batch) {
        try (CardStream stream = card.stream()) {
            return new CardEngine(card, new StepKernels(card, stream), new CardImages(card), batch);
        } catch (RuntimeException | Error e) {
            // With its context goes all that was made on it.
            card.close();
            throw e;
        }
    }

    /** Whether an error of a kernel ended its card: all of its students fail, and another engine may be opened in its place. */
    public boolean isLost() {
        return card.isLost();
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
        requireLabels(task.network(), data.train());
        int batchSize = task.recipe().batchSize();
        int steps = (task.order(data).size() + batchSize - 1) / batchSize;
        Locksteps.Place place = locksteps.place(task.network(), batchSize, steps);
        try {
            Arena arena = new Arena(card, kernels, images, place.lockstep().program());
            try {
                return new CardStudent(arena, place, task, data, teacher, control);
            } catch (RuntimeException | Error e) {
                arena.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            place.close();
            throw e;
        }
    }

    /** A card would read beyond the logits. */
    private static void requireLabels(Network network, ImageSet images) {
        for (int image = 0; image < images.size(); image++) {
            if (images.label(image) >= network.classes()) {
                throw new IllegalArgumentException(
                        "Label " + images.label(image) + " is not one of " + network.classes() + " classes");
            }
        }
    }

    @Override
    public Classifier classifier(Network network, Map<String, Tensor> tensors, String name)
            throws InvalidModelException {
        NetworkTensors.require(network, tensors, name);
        Program program = Program.evaluation(network, batch);
        Arena arena = new Arena(card, kernels, images, program);
        try {
            arena.write(program.tensors().all(), program.tensors()::of, tensors);
            return new CardClassifier(arena);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    @Override
    public void close() {
        images.close();
        kernels.close();
        card.close();
    }
}
