package org.focaldistill.cuda;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.focaldistill.data.TrainingOrder;
import org.focaldistill.data.Views;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.train.BankTeacher;
import org.focaldistill.train.EpochPart;
import org.focaldistill.train.NotFiniteException;
import org.focaldistill.train.Step;
import org.focaldistill.train.StepLog;
import org.focaldistill.train.Student;
import org.focaldistill.train.Teacher;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.train.Worker;
import org.focaldistill.weights.Half;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Tensor;
import org.jspecify.annotations.Nullable;

/** A network in training on a card, whose steps are made together with those of others. */
final class CardStudent extends CardClassifier implements Student, Worker {
    private final TrainingTask task;
    private final TrainingData data;
    private final @Nullable Teacher teacher;
    private final TrialTrainer.LegControl control;
    private final TrainingOrder order;
    private final Locksteps.Place place;

    /**
     * One whose tensors are all 0.
     *
     * @param place where its steps are made, which it leaves when it is closed
     * @param teacher of whole epochs; parts of them come with their logits
     */
    CardStudent(
            Arena arena,
            Locksteps.Place place,
            TrainingTask task,
            TrainingData data,
            @Nullable Teacher teacher,
            TrialTrainer.LegControl control) {
        super(arena);
        this.task = task;
        this.data = data;
        this.teacher = teacher;
        this.control = control;
        this.place = place;
        order = task.order(data);
    }

    /** Gives it the task's random weights. */
    void initialise() {
        write(NetworkTensors.initial(task.network(), task.initSeed()));
    }

    @Override
    public boolean train(int epoch, StepLog made) {
        int[] images = order.epoch(epoch);
        return train(epoch, images, taught(images, Views.position(task.dataSeed(), epoch)), made);
    }

    private Head.Taught taught(int[] images, int position) {
        if (teacher instanceof BankTeacher bank && bank.isHalf()) {
            return arena().teach(Half.of(bank.page(position).values()));
        }
        return teacher == null ? Head.Taught.NOT : arena().teach(teacherLogits(teacher, images, position));
    }

    @Override
    public boolean train(EpochPart part, StepLog made) {
        return train(part.epoch(), part.images(), arena().teach(part.teacherLogits()), made);
    }

    private boolean train(int epoch, int[] images, Head.Taught teacher, StepLog made) {
        Recipe recipe = task.recipe();
        int position = Views.position(task.dataSeed(), epoch);
        Head.Update update = new Head.Update(recipe.learningRate(epoch), recipe.momentum(), recipe.weightDecay());
        LossSettings loss = task.loss().at(epoch);
        arena().give(data.train(), images, index -> Views.of(index, position), teacher, loss, update);
        return makeSteps(images.length, loss, made);
    }

    /** Whether it made all, and was not asked to stop. */
    private boolean makeSteps(int images, LossSettings loss, StepLog made) {
        int batch = task.recipe().batchSize();
        int steps = (images + batch - 1) / batch;
        if (control.stopRequested()) {
            return false;
        }
        try (Lockstep.Member member = place.lockstep().join(arena().memory(), steps)) {
            int told = 0;
            while (told < steps) {
                int to = member.awaitMoreThan(told);
                control.trained(Math.min(to * batch, images) - told * batch);
                tell(told, to, images, loss, made);
                told = to;
                if (told < steps && control.stopRequested()) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Tells of steps that were made; the card may be at later ones.
     *
     * @throws NotFiniteException from the step that the card stopped at
     */
    private void tell(int from, int to, int images, LossSettings loss, StepLog made) {
        Arena.Progress progress = arena().progress();
        boolean stopped = progress.stopped() && progress.made() < to;
        int last = stopped ? progress.made() + 1 : to;
        if (!stopped && progress.made() < to) {
            throw new IllegalStateException("The card made " + progress.made() + " steps, not " + to);
        }
        float[] log = arena().log(last);
        for (int i = from; i < last; i++) {
            int at = i * Program.LOGGED;
            LossComponents components =
                    new LossComponents(log[at], log[at + 1], log[at + 2], log[at + 3], log[at + 4], log[at + 5]);
            int size = Math.min(
                    task.recipe().batchSize(), images - i * task.recipe().batchSize());
            made.step(List.of(new StepLog.Share(Step.of(components, loss, log[at + LossKernels.COMPONENTS]), size)));
        }
        if (stopped) {
            throw new IllegalStateException("The card stopped at a step whose numbers are finite");
        }
    }

    /** {@code [images, classes]}, a batch at a time, as a teacher that runs has no room for more. */
    private float[] teacherLogits(Teacher from, int[] images, int position) {
        float[] logits = new float[images.length * classes()];
        int batch = task.recipe().batchSize();
        for (int first = 0; first < images.length; first += batch) {
            int[] part = Arrays.copyOfRange(images, first, Math.min(first + batch, images.length));
            double[] computed = from.training(part, position);
            for (int i = 0; i < computed.length; i++) {
                logits[first * classes() + i] = (float) computed[i];
            }
        }
        return logits;
    }

    private TensorTable table() {
        return arena().program().tensors();
    }

    private void write(Map<String, Tensor> tensors) {
        arena().write(table().all(), table()::of, tensors);
    }

    @Override
    public Map<String, Tensor> tensors() {
        return arena().read(table().all(), table()::of);
    }

    @Override
    public Map<String, Tensor> velocities() {
        return arena().read(table().trained(), table()::velocityOf);
    }

    @Override
    public void load(Map<String, Tensor> tensors, String name) throws InvalidModelException {
        NetworkTensors.require(task.network(), tensors, name);
        write(tensors);
    }

    @Override
    public void loadVelocities(Map<String, Tensor> velocities, String name) throws InvalidModelException {
        NetworkTensors.requireVelocities(task.network(), velocities, name);
        arena().write(table().trained(), table()::velocityOf, velocities);
    }

    @Override
    public void close() {
        try {
            super.close();
        } finally {
            place.close();
        }
    }
}
