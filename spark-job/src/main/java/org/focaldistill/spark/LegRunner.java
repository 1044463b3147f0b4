package org.focaldistill.spark;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.util.LongAccumulator;
import org.focaldistill.spark.input.ExecutorCache;
import org.focaldistill.store.CheckpointFiles;
import org.focaldistill.train.Checkpoint;
import org.focaldistill.train.Engine;
import org.focaldistill.train.EpochResult;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingState;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.train.TrialTrainer.LegControl;
import org.focaldistill.train.TrialTrainer.LegOutcome;
import org.focaldistill.weights.Safetensors;
import org.jspecify.annotations.Nullable;

/** Runs a leg: from the newest checkpoint, and leaving one where there is more to do. */
final class LegRunner {
    /** In a checkpoint's header; those of earlier versions lack it. */
    private static final String KERNELS = "kernels";

    private final Configuration configuration;
    private final TrialTrainer trainer;
    private final @Nullable String kernels;
    private final LegControl control;

    /** @param kernels see {@link Engine#kernels}; null where several processes train, each with its own */
    LegRunner(Configuration configuration, TrialTrainer trainer, @Nullable String kernels, LegControl control) {
        this.configuration = configuration;
        this.trainer = trainer;
        this.kernels = kernels;
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
        return new LegRunner(configuration, new TrialTrainer(engine), engine.kernels(), control);
    }

    LegOutcome run(Leg leg) throws IOException {
        return run(leg, history -> {});
    }

    /** @param completed told the history after each epoch */
    LegOutcome run(Leg leg, Consumer<List<EpochResult>> completed) throws IOException {
        CheckpointFiles checkpoints = new CheckpointFiles(configuration, new Path(leg.checkpoints()));
        TrainingState from = checkpoints.newest((file, name) -> read(file, name, leg));
        LegOutcome outcome = train(leg, from, completed);
        TrainingState state = leftBehind(outcome);
        if (state != null && (from == null || state.epochs() > from.epochs())) {
            checkpoints.save(
                    state.epochs(),
                    Checkpoint.write(state, leg.computation(), about(leg)),
                    () -> leg.permit().requireValid(configuration));
        }
        return outcome;
    }

    /**
     * Measures what the newest checkpoint holds, and trains nothing. Where that has fewer epochs, as a newer one does not read
     * back, runs a leg like any other.
     *
     * @param epochs that it should have
     * @param completed see {@link #run(Leg, Consumer)}
     */
    LegOutcome measure(Leg leg, int epochs, Consumer<List<EpochResult>> completed) throws IOException {
        CheckpointFiles checkpoints = new CheckpointFiles(configuration, new Path(leg.checkpoints()));
        TrainingState state = checkpoints.newest((file, name) -> read(file, name, leg));
        if (state == null || state.epochs() < epochs) {
            return run(leg, completed);
        }
        TrainingData data = ExecutorCache.OF_THIS_JVM.data(leg.data(), configuration);
        try (LegTeacher teacher = LegTeacher.of(leg, configuration, control::stopRequested)) {
            return trainer.measure(leg.task(), data, teacher.teacher(), state, control);
        }
    }

    private Map<String, String> about(Leg leg) {
        Map<String, String> about = new HashMap<>(Map.of("model", leg.model()));
        if (kernels != null) {
            about.put(KERNELS, kernels);
        }
        return about;
    }

    private TrainingState read(Safetensors file, String name, Leg leg) throws IOException {
        TrainingState state = Checkpoint.read(file, name, leg.computation());
        String before = file.metadata().get(KERNELS);
        if (kernels != null && before != null && !kernels.equals(before)) {
            throw new IOException(
                    "Cannot go on from " + name + ": it was computed by " + before + ", and here there is "
                            + kernels + ", which rounds differently. Go on where " + before
                            + " loads (focaldistill doctor says what loads on a machine), or delete the folder it is in to begin"
                            + " the training anew");
        }
        return state;
    }

    /** Completed epochs of a training that is to go on. */
    static List<EpochResult> history(LegOutcome outcome) {
        TrainingState state = leftBehind(outcome);
        return state == null ? List.of() : state.history();
    }

    private static @Nullable TrainingState leftBehind(LegOutcome outcome) {
        if (outcome instanceof TrialTrainer.Paused paused) {
            return paused.state();
        }
        return outcome instanceof TrialTrainer.Stopped stopped ? stopped.state() : null;
    }

    private LegOutcome train(Leg leg, @Nullable TrainingState from, Consumer<List<EpochResult>> completed)
            throws IOException {
        TrainingData data = ExecutorCache.OF_THIS_JVM.data(leg.data(), configuration);
        int done = from == null ? 0 : from.epochs();
        int toEpoch = Math.min(done + leg.epochs(), leg.recipe().epochs());
        try (LegTeacher teacher = LegTeacher.of(leg, configuration, control::stopRequested)) {
            return trainer.train(leg.task(), data, teacher.teacher(), from, toEpoch, new Telling(control, completed));
        }
    }

    /** A control that passes on what it is told of epochs. */
    private record Telling(LegControl control, Consumer<List<EpochResult>> completed) implements LegControl {
        @Override
        public boolean stopRequested() {
            return control.stopRequested();
        }

        @Override
        public void trained(int images) {
            control.trained(images);
        }

        @Override
        public void completed(List<EpochResult> history) {
            completed.accept(history);
        }
    }
}
