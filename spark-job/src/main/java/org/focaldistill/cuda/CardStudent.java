package org.focaldistill.cuda;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.focaldistill.cuda.driver.CardGraph;
import org.focaldistill.data.TrainingOrder;
import org.focaldistill.data.Views;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.train.NotFiniteException;
import org.focaldistill.train.Step;
import org.focaldistill.train.StepLog;
import org.focaldistill.train.Student;
import org.focaldistill.train.Teacher;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A network in training on a card. The steps of an epoch are launches of one graph, and nothing is read back before some hundred
 * of them are made.
 */
final class CardStudent extends CardClassifier implements Student {
    /** Steps between two looks at whether to stop. */
    private static final int RUN = 100;

    private final TrainingTask task;
    private final TrainingData data;
    private final @Nullable Teacher teacher;
    private final TrialTrainer.LegControl control;
    private final TrainingOrder order;
    private final CardGraph step;

    CardStudent(
            Arena arena,
            TrainingTask task,
            TrainingData data,
            @Nullable Teacher teacher,
            TrialTrainer.LegControl control) {
        super(arena);
        this.task = task;
        this.data = data;
        this.teacher = teacher;
        this.control = control;
        order = task.order(data);
        step = arena.stream().record(() -> arena.program().train(arena.work()));
        write(NetworkTensors.initial(task.network(), task.initSeed()));
    }

    @Override
    public boolean train(int epoch, StepLog made) {
        Recipe recipe = task.recipe();
        int position = Views.position(task.dataSeed(), epoch);
        int[] images = order.epoch(epoch);
        Head.Update update = new Head.Update(recipe.learningRate(epoch), recipe.momentum(), recipe.weightDecay());
        float[] ofTeacher = teacher == null ? new float[0] : teacherLogits(teacher, images, position);
        try (Arena.Given given = arena()
        .new Given(data.train(), images, index -> Views.of(index, position), ofTeacher, task.loss(), update)) {
            int steps = (images.length + recipe.batchSize() - 1) / recipe.batchSize();
            for (int from = 0; from < steps; from += RUN) {
                if (control.stopRequested()) {
                    return false;
                }
                int to = Math.min(from + RUN, steps);
                run(from, to);
                control.trained(Math.min(to * recipe.batchSize(), images.length) - from * recipe.batchSize());
                tell(from, to, images.length, made);
            }
            return true;
        }
    }

    private void run(int from, int to) {
        for (int i = from; i < to; i++) {
            arena().stream().launch(step);
        }
        arena().stream().await();
    }

    /** @throws NotFiniteException from the step that the card stopped at */
    private void tell(int from, int to, int images, StepLog made) {
        Arena.Progress progress = arena().progress();
        int last = progress.stopped() ? progress.made() + 1 : to;
        if (!progress.stopped() && progress.made() != to) {
            throw new IllegalStateException("The card made " + progress.made() + " steps, not " + to);
        }
        float[] log = arena().log(last);
        for (int i = from; i < last; i++) {
            int at = i * Program.LOGGED;
            LossComponents components = new LossComponents(log[at], log[at + 1], log[at + 2]);
            int size = Math.min(
                    task.recipe().batchSize(), images - i * task.recipe().batchSize());
            made.step(List.of(new StepLog.Share(Step.of(components, task.loss(), log[at + 3]), size)));
        }
        if (progress.stopped()) {
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
        step.close();
        super.close();
    }
}
