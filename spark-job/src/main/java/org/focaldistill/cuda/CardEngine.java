package org.focaldistill.cuda;

import java.util.Map;
import org.focaldistill.cuda.driver.CudaException;
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

/** Whole training steps on one card. */
final class CardEngine implements Engine {
    private final OpenCard card;
    private final Numerics numerics;

    CardEngine(OpenCard card, Numerics numerics) {
        this.card = card;
        this.numerics = numerics;
    }

    @Override
    public String kernels() {
        return "cuda";
    }

    @Override
    public String description() {
        return card.description();
    }

    @Override
    public Student begin(
            TrainingTask task, TrainingData data, @Nullable Teacher teacher, TrialTrainer.LegControl control) {
        requireLabels(task.network(), data.train());
        int batchSize = task.recipe().batchSize();
        int steps = (task.order(data).size() + batchSize - 1) / batchSize;
        // Where more trials run at a time than the card has room for, some wait for others to end.
        while (true) {
            long left = card.locksteps().left();
            try {
                return begin(task, data, teacher, control, steps);
            } catch (CudaException e) {
                if (!e.isOutOfMemory()
                        || control.stopRequested()
                        || !card.locksteps().awaitRoom(left)) {
                    throw e;
                }
            }
        }
    }

    private Student begin(
            TrainingTask task,
            TrainingData data,
            @Nullable Teacher teacher,
            TrialTrainer.LegControl control,
            int steps) {
        Locksteps.Place place =
                card.locksteps().place(task.network(), task.recipe().batchSize(), steps, numerics);
        try {
            Arena arena = card.arena(place.lockstep().program());
            try {
                Student student = new CardStudent(arena, place, task, data, teacher, control);
                place.occupy();
                return student;
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
        Program program = Program.evaluation(network, card.batch(), numerics);
        Arena arena = card.arena(program);
        try {
            arena.write(program.tensors().all(), program.tensors()::of, tensors);
            return new CardClassifier(arena);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }
}
