package org.focaldistill.spark;

import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.focaldistill.spark.bank.Banks;
import org.focaldistill.sweep.Trial;
import org.jspecify.annotations.Nullable;

/** What trials have to train. */
public final class TrialWork {
    private TrialWork() {}

    /**
     * Of a run.
     *
     * @param saved epochs in the newest checkpoints of those that earlier runs began, by id
     * @param trainedImages see {@link Workload}
     */
    static Workload of(
            List<Trial> trials, Map<String, Integer> saved, Banks banks, ToLongFunction<String> trainedImages) {
        ImageCost cost = new ImageCost(banks.data()::network);
        return new Workload(
                trials.stream()
                        .map(trial -> new Workload.Training(
                                trial.id(),
                                trial.recipe().epochs(),
                                saved.getOrDefault(trial.id(), 0),
                                imagesAnEpoch(trial),
                                cost.ofTraining(trial.student(), teacherBeside(trial, banks))))
                        .toList(),
                trainedImages);
    }

    /** The model of a teacher that runs on every batch; null if none does. */
    private static @Nullable String teacherBeside(Trial trial, Banks banks) {
        return trial.teacherMode().isBank()
                ? null
                : banks.teacher(trial).location().model();
    }

    /**
     * Images that a trial trains on, over all epochs to come.
     *
     * @param saved epochs in its newest checkpoint
     */
    public static long imagesToTrain(Trial trial, int saved) {
        return (trial.recipe().epochs() - saved) * imagesAnEpoch(trial);
    }

    private static long imagesAnEpoch(Trial trial) {
        return trial.data().trainImages() - trial.data().validationImages();
    }
}
