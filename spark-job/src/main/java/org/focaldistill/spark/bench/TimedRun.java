package org.focaldistill.spark.bench;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.data.ViewedImages;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.spark.bank.Bank;
import org.focaldistill.spark.bank.BankPages;
import org.focaldistill.spark.gpu.Engines;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.ExecutorCache;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.train.BankTeacher;
import org.focaldistill.train.Teacher;
import org.focaldistill.train.TeacherLogits;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.jspecify.annotations.Nullable;

/**
 * Work of a slot whose speed is wanted: the same trainer, teacher and images as a trial's.
 *
 * @param kind what to do
 * @param model the network to train; of no meaning for {@link Kind#TEACHER}
 * @param bank a teacher with its bank; null to train without
 * @param data the images
 * @param computation what trains it
 * @param fromMillis when to begin counting, in milliseconds since 1970
 * @param toMillis when to end
 */
record TimedRun(
        Kind kind,
        String model,
        @Nullable Bank bank,
        DataLocation data,
        Computation computation,
        long fromMillis,
        long toMillis)
        implements Serializable {
    /** As PyTorch's users have it, and the published recipe. */
    static final int BATCH = 64;

    private static final LossWeights DISTILLATION = new LossWeights(0.05, 0.95, 0.005);

    enum Kind {
        /** Training on cross entropy, without a teacher. */
        PLAIN,
        /** Training with a teacher that runs on every batch. */
        ONLINE,
        /** Training with a teacher's logits from the bank. */
        BANK,
        /** The teacher alone, in evaluation mode. */
        TEACHER;

        /** What runs, for people. */
        String of(String model, String teacher) {
            return switch (this) {
                case PLAIN -> "training " + model;
                case ONLINE -> "training " + model + " with " + teacher + " on every batch";
                case BANK -> "training " + model + " with the bank of " + teacher;
                case TEACHER -> "teacher " + model + " in evaluation mode";
            };
        }
    }

    /** The one file of a benchmark's bank, which stands for those of all epochs. */
    static ViewedImages page(DataLocation data) {
        return new ViewedImages.AtPosition(0, data.trainImages());
    }

    Stopwatch.Reading run(Configuration configuration) throws IOException {
        Stopwatch watch = new Stopwatch(fromMillis, toMillis);
        ExecutorCache cache = ExecutorCache.OF_THIS_JVM;
        TrainingData images = cache.data(data, configuration);
        if (bank == null || kind == Kind.PLAIN) {
            train(LossSettings.of(LossWeights.CROSS_ENTROPY), images, null, watch);
        } else if (kind == Kind.BANK) {
            cache.closeIdleTeachers();
            train(LossSettings.of(DISTILLATION), images, bankTeacher(bank, configuration), watch);
        } else {
            try (ExecutorCache.Loan loan = cache.teacher(bank.teacher(), data, configuration)) {
                if (kind == Kind.ONLINE) {
                    train(LossSettings.of(DISTILLATION), images, loan.teacher(), watch);
                } else {
                    evaluate(loan, images, watch);
                }
            }
        }
        return watch.reading();
    }

    private Teacher bankTeacher(Bank ofTeacher, Configuration configuration) {
        return new BankTeacher(
                anyEpoch -> {
                    try {
                        return BankPages.OF_THIS_JVM
                                .page(ofTeacher, page(data), configuration, () -> false)
                                .logits();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                ofTeacher.key().half(),
                data.trainImages(),
                new ViewedImages.HeldOut(1, data.trainImages(), 0),
                new ViewedImages.Test(data.testImages()));
    }

    private void train(LossSettings loss, TrainingData images, @Nullable Teacher teacher, Stopwatch watch) {
        trainUntilStopped(model, data, computation, loss, images, teacher, watch);
    }

    /** Trains on whole and short batches as a trial does, until the control asks for the end. */
    static void trainUntilStopped(
            String model,
            DataLocation data,
            Computation computation,
            LossSettings loss,
            TrainingData images,
            @Nullable Teacher teacher,
            TrialTrainer.LegControl control) {
        int endless = 1_000_000;
        Recipe recipe = new Recipe(endless, BATCH, 0.01, 0.9, 5e-4, List.of(), 1);
        TrainingTask task = new TrainingTask(data.network(model), loss, recipe, 0, 1, 1);
        TrialTrainer.LegOutcome outcome =
                new TrialTrainer(Engines.of(computation)).train(task, images, teacher, null, endless, control);
        if (!(outcome instanceof TrialTrainer.Stopped)) {
            throw new IllegalStateException("The training to measure ended early: " + outcome);
        }
    }

    /** Whole batches only, so that every one counts the same. */
    private void evaluate(ExecutorCache.Loan loan, TrainingData images, Stopwatch watch) {
        int batch = Math.min(TeacherLogits.BATCH, data.trainImages());
        ViewedImages set = new ViewedImages.AtPosition(0, data.trainImages() / batch * batch);
        while (!watch.stopRequested()) {
            var unused = TeacherLogits.of(loan.classifier(), images, set, () -> {
                watch.trained(batch);
                return false;
            });
        }
    }
}
