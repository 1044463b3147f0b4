package org.focaldistill.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.TrainingOrder;
import org.focaldistill.loss.DistillationLoss;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.metrics.Evaluation;
import org.focaldistill.metrics.Predictions;
import org.focaldistill.metrics.TemperatureScaling;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Tensor;
import org.jspecify.annotations.Nullable;

/** One network's way through its epochs. */
final class Training {
    private final TrainingTask task;
    private final TrainingData data;
    private final @Nullable Teacher teacher;
    private final Student student;
    private final TrainingOrder order;
    private final DistillationLoss loss;
    private final Consumer<List<EpochResult>> completed;

    private final List<EpochResult> history = new ArrayList<>();
    private long steps;
    private @Nullable Long firstNegativeStep;
    private TrainingState.@Nullable Best best;

    /** @param completed told the history after each epoch */
    Training(
            TrainingTask task,
            TrainingData data,
            @Nullable Teacher teacher,
            Student student,
            Consumer<List<EpochResult>> completed) {
        this.task = task;
        this.data = data;
        this.teacher = teacher;
        this.student = student;
        this.order = task.order(data);
        this.loss = new DistillationLoss(task.loss());
        this.completed = completed;
    }

    /** See {@link TrialTrainer#train}. */
    TrialTrainer.LegOutcome leg(@Nullable TrainingState from, int toEpoch) {
        try {
            if (from != null) {
                resume(from);
            }
            return run(from, toEpoch);
        } catch (InvalidModelException e) {
            throw new IllegalArgumentException("Cannot go on from this state: " + e.getMessage(), e);
        }
    }

    /** See {@link TrialTrainer#measure}. */
    TrialTrainer.LegOutcome measureOnly(TrainingState state) {
        try {
            resume(state);
            return measured(state);
        } catch (InvalidModelException e) {
            throw new IllegalArgumentException("Cannot measure this state: " + e.getMessage(), e);
        }
    }

    /** @throws IllegalArgumentException if there is no such leg of the training, or it lacks its teacher */
    static void requireLeg(TrainingTask task, @Nullable Teacher teacher, @Nullable TrainingState from, int toEpoch) {
        int fromEpoch = from == null ? 0 : from.epochs();
        if (toEpoch <= fromEpoch || toEpoch > task.recipe().epochs()) {
            throw new IllegalArgumentException("A leg from epoch " + fromEpoch + " to " + toEpoch
                    + " does not fit a training of " + task.recipe().epochs() + " epochs");
        }
        if (teacher == null && task.loss().weights().alpha() > 0) {
            throw new IllegalArgumentException(
                    "alpha is " + task.loss().weights().alpha() + " but there is no teacher");
        }
    }

    private void resume(TrainingState from) throws InvalidModelException {
        String name = "checkpoint of epoch " + from.epochs();
        student.load(from.tensors(), name);
        if (from.earlierVelocities()) {
            student.loadEarlierVelocities(from.velocities(), name);
        } else {
            student.loadVelocities(from.velocities(), name);
        }
        history.addAll(from.history());
        steps = from.steps();
        firstNegativeStep = from.firstNegativeStep();
        best = from.best();
    }

    private TrialTrainer.LegOutcome run(@Nullable TrainingState from, int toEpoch) throws InvalidModelException {
        TrainingState state = from;
        while (state == null || history.size() < toEpoch) {
            Means means;
            try {
                means = epoch(history.size());
            } catch (NotFiniteException e) {
                return diverged(steps + 1, e);
            }
            if (means == null) {
                return new TrialTrainer.Stopped(state);
            }
            Map<String, Tensor> tensors = student.tensors();
            try {
                requireFinite(tensors);
                history.add(withValidation(history.size(), means));
            } catch (NotFiniteException e) {
                return diverged(steps, e);
            }
            noteBest(tensors);
            state = new TrainingState(history, steps, firstNegativeStep, tensors, student.velocities(), best);
            completed.accept(state.history());
        }
        if (toEpoch < task.recipe().epochs()) {
            return new TrialTrainer.Paused(state);
        }
        return measured(state);
    }

    private TrialTrainer.LegOutcome measured(TrainingState state) throws InvalidModelException {
        try {
            return new TrialTrainer.Finished(state, measure());
        } catch (NotFiniteException e) {
            return diverged(steps, e);
        }
    }

    private TrialTrainer.Diverged diverged(long step, NotFiniteException cause) {
        int epoch = Math.min(history.size() + 1, task.recipe().epochs());
        return new TrialTrainer.Diverged(List.copyOf(history), firstNegativeStep, epoch, step, cause.what());
    }

    /** The last update of an epoch may be the one that overflows, and no checkpoint may hold its result. */
    private static void requireFinite(Map<String, Tensor> tensors) {
        for (Tensor tensor : tensors.values()) {
            for (float value : tensor.values()) {
                if (!Float.isFinite(value)) {
                    throw new NotFiniteException("weights");
                }
            }
        }
    }

    private void noteBest(Map<String, Tensor> tensors) {
        EpochResult last = history.get(history.size() - 1);
        if (last.valTop1() != null && (best == null || last.valTop1() > best.valTop1())) {
            best = new TrainingState.Best(last.epoch(), last.valTop1(), tensors);
        }
    }

    /** Trains one epoch (0-based); null if asked to stop. */
    private @Nullable Means epoch(int epoch) {
        Means means = new Means();
        long start = System.nanoTime();
        boolean completed = student.train(epoch, shares -> {
            steps++;
            double total = 0;
            for (StepLog.Share share : shares) {
                means.add(share.step(), share.images());
                total += share.images() * share.step().total();
            }
            if (total < 0 && firstNegativeStep == null) {
                firstNegativeStep = steps;
            }
        });
        means.seconds = (System.nanoTime() - start) / 1e9;
        return completed ? means : null;
    }

    private EpochResult withValidation(int epoch, Means means) {
        int[] heldOut = order.validation();
        SplitLoss validation = null;
        Double top1 = null;
        Double ece = null;
        if (heldOut.length > 0) {
            double[] logits = Logits.of(student, data.train(), heldOut);
            requireFinite(logits);
            int[] labels = Logits.labels(data.train(), heldOut);
            validation = loss(logits, teacher == null ? null : teacher.centre(heldOut), labels);
            Evaluation evaluation = Evaluation.of(Predictions.of(logits, labels));
            top1 = evaluation.top1();
            ece = evaluation.ece();
        }
        return new EpochResult(
                epoch + 1,
                task.recipe().learningRate(epoch),
                means.loss(),
                validation,
                top1,
                ece,
                means.gradNorm(),
                means.seconds,
                order.size());
    }

    private SplitLoss loss(double[] logits, double @Nullable [] teacherLogits, int[] labels) {
        LossComponents components = loss.evaluate(logits, teacherLogits, labels, null);
        return new SplitLoss(components.total(task.loss()), components);
    }

    private static void requireFinite(double[] logits) {
        for (double logit : logits) {
            if (!Double.isFinite(logit)) {
                throw new NotFiniteException("evaluation logits");
            }
        }
    }

    private TrialTrainer.Measured measure() throws InvalidModelException {
        ImageSet test = data.test();
        double[] logits = Logits.of(student, test);
        requireFinite(logits);
        int[] labels = test.labels();
        Predictions predictions = Predictions.of(logits, labels);
        double[] teacherLogits = teacher == null ? null : teacher.test();
        Double agreement =
                teacherLogits == null ? null : predictions.agreementTop1(Predictions.of(teacherLogits, labels));
        SplitLoss testLoss = loss(logits, teacherLogits, labels);
        return new TrialTrainer.Measured(
                testLoss, Evaluation.of(predictions), calibration(predictions), agreement, bestTestTop1(labels));
    }

    private TrialTrainer.@Nullable Calibration calibration(Predictions test) {
        int[] heldOut = order.validation();
        if (heldOut.length == 0) {
            return null;
        }
        double[] logits = Logits.of(student, data.train(), heldOut);
        TemperatureScaling.Fit fit =
                TemperatureScaling.fit(Predictions.of(logits, Logits.labels(data.train(), heldOut)));
        double byNll = fit.byNll().temperature();
        return new TrialTrainer.Calibration(
                TemperatureScaling.of(test, byNll),
                TemperatureScaling.of(test, fit.byEce().temperature()),
                Evaluation.of(test.atTemperature(byNll)).reliability());
    }

    /** Loads the best epoch's weights, so nothing may be measured on the last epoch's after it. */
    private @Nullable Double bestTestTop1(int[] labels) throws InvalidModelException {
        if (best == null) {
            return null;
        }
        student.load(best.tensors(), "best epoch " + best.epoch());
        return Predictions.of(Logits.of(student, data.test()), labels).topAccuracy(1);
    }

    /** Means over an epoch's steps. */
    private static final class Means {
        private double total;
        private LossComponents components = LossComponents.ZERO;
        private double gradNorm;
        private int images;
        private int count;
        private double seconds;

        void add(Step step, int batchSize) {
            total += batchSize * step.total();
            components = components.plus(batchSize, step.components());
            images += batchSize;
            gradNorm += step.gradientNorm();
            count++;
        }

        SplitLoss loss() {
            return new SplitLoss(total / images, components.over(images));
        }

        double gradNorm() {
            return gradNorm / count;
        }
    }
}
