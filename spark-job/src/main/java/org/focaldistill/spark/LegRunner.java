package org.focaldistill.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.util.LongAccumulator;
import org.focaldistill.store.CheckpointFiles;
import org.focaldistill.train.BankTeacher;
import org.focaldistill.train.Checkpoint;
import org.focaldistill.train.LocalTrainer;
import org.focaldistill.train.Teacher;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingState;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.train.TrialTrainer.LegOutcome;
import org.focaldistill.zoo.Architecture;
import org.jspecify.annotations.Nullable;

/** Runs a leg inside a task: from the newest checkpoint, and leaving one where there is more to do. */
final class LegRunner {
    private final Configuration configuration;
    private final LongAccumulator trainedImages;

    LegRunner(Configuration configuration, LongAccumulator trainedImages) {
        this.configuration = configuration;
        this.trainedImages = trainedImages;
    }

    LegOutcome run(Leg leg) throws IOException {
        CheckpointFiles checkpoints = new CheckpointFiles(configuration, new Path(leg.checkpoints()));
        TrainingState from = checkpoints.newest(Checkpoint::read);
        LegOutcome outcome = train(leg, from);
        TrainingState state = leftBehind(outcome);
        if (state != null && (from == null || state.epochs() > from.epochs())) {
            checkpoints.save(state.epochs(), Checkpoint.write(state, Map.of("model", leg.model())));
        }
        return outcome;
    }

    /** Completed epochs of a training that is to go on. */
    static int epochs(LegOutcome outcome) {
        TrainingState state = leftBehind(outcome);
        return state == null ? 0 : state.epochs();
    }

    private static @Nullable TrainingState leftBehind(LegOutcome outcome) {
        if (outcome instanceof TrialTrainer.Paused paused) {
            return paused.state();
        }
        return outcome instanceof TrialTrainer.Stopped stopped ? stopped.state() : null;
    }

    private LegOutcome train(Leg leg, @Nullable TrainingState from) throws IOException {
        TrainingTask task = new TrainingTask(
                Architecture.named(leg.model()),
                leg.data().classes(),
                leg.loss(),
                leg.recipe(),
                leg.validationImages(),
                leg.dataSeed(),
                leg.initSeed());
        TrainingData data = ExecutorCache.OF_THIS_JVM.data(leg.data(), configuration);
        LocalTrainer trainer = new LocalTrainer();
        int done = from == null ? 0 : from.epochs();
        int toEpoch = Math.min(done + leg.epochs(), leg.recipe().epochs());
        TrialTrainer.LegControl control = control();
        if (leg.teacher() == null) {
            return trainer.train(task, data, null, from, toEpoch, control);
        }
        if (leg.bank() != null) {
            ExecutorCache.OF_THIS_JVM.closeIdleTeachers();
            return trainer.train(task, data, bankTeacher(leg, leg.bank(), control), from, toEpoch, control);
        }
        try (ExecutorCache.Loan loan = ExecutorCache.OF_THIS_JVM.teacher(leg.teacher(), leg.data(), configuration)) {
            return trainer.train(task, data, loan.teacher(), from, toEpoch, control);
        }
    }

    private Teacher bankTeacher(Leg leg, Bank bank, TrialTrainer.LegControl control) {
        BankPages pages = ExecutorCache.OF_THIS_JVM.bank();
        BankSets sets = BankSets.of(leg);
        return new BankTeacher(
                set -> {
                    try {
                        return pages.page(bank, set, configuration, control::stopRequested)
                                .logits();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                leg.data().trainImages(),
                sets.heldOut(),
                sets.test());
    }

    private TrialTrainer.LegControl control() {
        TaskContext task = TaskContext.get();
        return new TrialTrainer.LegControl() {
            @Override
            public boolean stopRequested() {
                return task.isInterrupted();
            }

            @Override
            public void trained(int images) {
                trainedImages.add(images);
            }
        };
    }
}
