package org.focaldistill.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.spark.bank.Bank;
import org.focaldistill.spark.bank.BankSets;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.store.WritePermit;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.Trial;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.weights.ImageHeader;
import org.focaldistill.weights.InvalidModelException;
import org.jspecify.annotations.Nullable;

/**
 * A part of one network's training: the next epochs after its newest checkpoint.
 *
 * @param model the architecture to train
 * @param loss its loss
 * @param recipe its optimisation
 * @param validationImages held-out training images
 * @param dataSeed seeds batches, views and the held-out images
 * @param initSeed seeds the first weights
 * @param computation the engine that trains it, and its numerics
 * @param data the images
 * @param teacher the teacher; null to train without
 * @param bank where the teacher's logits are; null if it runs on every batch
 * @param checkpoints folder of this training's checkpoints
 * @param permit asked before anything of it is written
 * @param epochs how many epochs to train, unless fewer are left
 */
record Leg(
        String model,
        LossSettings loss,
        Recipe recipe,
        int validationImages,
        long dataSeed,
        long initSeed,
        Computation computation,
        DataLocation data,
        @Nullable TeacherLocation teacher,
        @Nullable Bank bank,
        String checkpoints,
        WritePermit permit,
        int epochs)
        implements Serializable {
    static final String DATA_SEED = "data_seed";
    static final String COMPUTATION = "computation";
    static final String VALIDATION_IMAGES = "validation_images";

    /** A part of a trial's training; the other parameters as above. */
    static Leg of(
            Trial trial,
            DataLocation data,
            TeacherLocation teacher,
            @Nullable Bank bank,
            String checkpoints,
            WritePermit permit,
            int epochs) {
        return new Leg(
                trial.student(),
                trial.loss(),
                trial.recipe(),
                trial.data().validationImages(),
                trial.seed().dataStream(),
                trial.seed().initStream(),
                trial.computation(),
                data,
                teacher,
                bank,
                checkpoints,
                permit,
                epochs);
    }

    Leg withCheckpoints(String folder) {
        return with(teacher, bank, folder);
    }

    /** With its teacher on CPUs. A bank is read alike everywhere, but what a card computes for it is not made. */
    Leg withTeacherOnCpus() {
        return with(teacher == null ? null : teacher.onCpus(), bank == null ? null : bank.withoutCards(), checkpoints);
    }

    private Leg with(@Nullable TeacherLocation otherTeacher, @Nullable Bank otherBank, String otherCheckpoints) {
        return new Leg(
                model,
                loss,
                recipe,
                validationImages,
                dataSeed,
                initSeed,
                computation,
                data,
                otherTeacher,
                otherBank,
                otherCheckpoints,
                permit,
                epochs);
    }

    /** What is to be trained. */
    TrainingTask task() {
        return new TrainingTask(data.network(model), loss, recipe, validationImages, dataSeed, initSeed);
    }

    /** What it asks its teacher about. */
    BankSets bankSets() {
        return new BankSets(dataSeed, recipe.epochs(), data.trainImages(), validationImages, data.testImages());
    }

    /** What decides the trained weights, as header entries of a model file. */
    Map<String, String> definition() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("model", model);
        entries.put("loss", RecordText.of(loss));
        entries.put("recipe", RecordText.of(recipe));
        entries.put(DATA_SEED, Long.toString(dataSeed));
        entries.put("init_seed", Long.toString(initSeed));
        if (!computation.equals(Computation.CPU_FP32)) {
            entries.put(COMPUTATION, computation.engine() + " " + computation.numerics());
        }
        entries.putAll(ImageHeader.of(data.images()));
        entries.put("dataset_hash", data.hash());
        entries.put("train_images", Integer.toString(data.trainImages()));
        entries.put(VALIDATION_IMAGES, Integer.toString(validationImages));
        return entries;
    }

    /**
     * What a model file's header says otherwise. It need not say anything, and the model is the same on whatever computes
     * it.
     *
     * @param name what to call the file in messages
     * @throws InvalidModelException if it says what can not be
     */
    List<String> differences(Map<String, String> header, String name) throws InvalidModelException {
        Map<String, String> expected = definition();
        expected.remove(COMPUTATION);
        List<String> differences = new ArrayList<>();
        expected.forEach((entry, value) ->
                differences.addAll(RecordText.differences(entry, header.getOrDefault(entry, value), value)));
        if (ImageHeader.of(data.images()).isEmpty()) {
            // Of images like CIFAR's there is no entry to be compared.
            String found = ImageHeader.read(header, name).toString();
            differences.addAll(
                    RecordText.differences("images", found, data.images().toString()));
        }
        return differences;
    }
}
