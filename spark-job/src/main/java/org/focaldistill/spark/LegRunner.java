package org.focaldistill.spark;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.util.LongAccumulator;
import org.focaldistill.spark.input.ExecutorCache;
import org.focaldistill.store.CheckpointFiles;
import org.focaldistill.sweep.Computation;
import org.focaldistill.train.Checkpoint;
import org.focaldistill.train.Engine;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingState;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.train.TrialTrainer.LegControl;
import org.focaldistill.train.TrialTrainer.LegOutcome;
import org.jspecify.annotations.Nullable;

/** Runs a leg: from the newest checkpoint, and leaving one where there is more to do. */
final class LegRunner {
    private final Configuration configuration;
    private final TrialTrainer trainer;
    private final Computation computation;
    private final LegControl control;

    /** @param computation what the trainer computes with */
    LegRunner(Configuration configuration, TrialTrainer trainer, Computation computation, LegControl control) {
        this.configuration = configuration;
        this.trainer = trainer;
        this.computation = computation;
        this.control = control;
    }

    /** Runs legs inside a task, on its slot alone. */
    static LegRunner inTask(Configuration configuration, LongAccumulator trainedImages, Engine engine) {
        TaskContext task = TaskContext.get();
        LegControl control = new LegControl() {
            @Override
            public boolean stopRequested() {
                return task.isInterrupted();
            }

            @Override
            public void trained(int images) {
                trainedImages.add(images);
            }
        };
        return new LegRunner(configuration, new TrialTrainer(engine), engine.computation(), control);
    }

    LegOutcome run(Leg leg) throws IOException {
        CheckpointFiles checkpoints = new CheckpointFiles(configuration, new Path(leg.checkpoints()));
        TrainingState from = checkpoints.newest((file, name) -> Checkpoint.read(file, name, computation));
        LegOutcome outcome = train(leg, from);
        TrainingState state = leftBehind(outcome);
        if (state != null && (from == null || state.epochs() > from.epochs())) {
            checkpoints.save(state.epochs(), Checkpoint.write(state, computation, Map.of("model", leg.model())));
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
        TrainingData data = ExecutorCache.OF_THIS_JVM.data(leg.data(), configuration);
        int done = from == null ? 0 : from.epochs();
        int toEpoch = Math.min(done + leg.epochs(), leg.recipe().epochs());
        try (LegTeacher teacher = LegTeacher.of(leg, configuration, control::stopRequested)) {
            return trainer.train(leg.task(), data, teacher.teacher(), from, toEpoch, control);
        }
    }
}
