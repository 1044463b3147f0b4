package org.focaldistill.cuda;

import java.util.Map;
import org.focaldistill.data.ImageSet;
import org.focaldistill.net.Network;
import org.focaldistill.train.BankTeacher;
import org.focaldistill.train.Classifier;
import org.focaldistill.train.Engine;
import org.focaldistill.train.Student;
import org.focaldistill.train.Teacher;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.train.Worker;
import org.focaldistill.train.Workers;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Tensor;
import org.jspecify.annotations.Nullable;

/** Whole training steps on one card. */
final class CardEngine implements Engine, Workers {
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
        CardStudent student = student(task, data, teacher, bytesOf(teacher, task, data), control);
        try {
            student.initialise();
            return student;
        } catch (RuntimeException | Error e) {
            student.close();
            throw e;
        }
    }

    @Override
    public Worker begin(TrainingTask task, TrainingData data, boolean taught, TrialTrainer.LegControl control) {
        return student(task, data, null, taught ? bytesInOrder(task, data) : 0, control);
    }

    private static long bytesOf(@Nullable Teacher teacher, TrainingTask task, TrainingData data) {
        if (teacher instanceof BankTeacher bank && bank.isHalf()) {
            return (long) data.train().size() * task.network().classes() * Short.BYTES;
        }
        return teacher == null ? 0 : bytesInOrder(task, data);
    }

    private static long bytesInOrder(TrainingTask task, TrainingData data) {
        return (long) task.order(data).size() * task.network().classes() * Float.BYTES;
    }

    private CardStudent student(
            TrainingTask task,
            TrainingData data,
            @Nullable Teacher teacher,
            long ofTeacher,
            TrialTrainer.LegControl control) {
        requireLabels(task.network(), data.train());
        // Before a student has room, so that one that has it can go on.
        card.require(data.train());
        card.require(data.test());
        int batchSize = task.recipe().batchSize();
        int images = task.order(data).size();
        int steps = (images + batchSize - 1) / batchSize;
        Locksteps.Place place = card.locksteps().place(task.network(), batchSize, steps, numerics);
        try {
            Arena arena = card.arena(place.lockstep().program(), images, ofTeacher, control::stopRequested);
            return new CardStudent(arena, place, task, data, teacher, control);
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
        Arena arena = card.arena(program, 0, 0, () -> false);
        try {
            arena.write(program.tensors().all(), program.tensors()::of, tensors);
            return new CardClassifier(arena);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }
}
