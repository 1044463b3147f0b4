package org.focaldistill.sweep;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.LossSettings;

/**
 * One student to train: everything that decides its numbers, and nothing else. Its role in a sweep, the sweep itself,
 * the host and the code version are not part of it, so equal trials of different sweeps are one trial.
 *
 * <p>A trial's id is for ever, so a setting is added in three places: as the last component, here or in a record in it;
 * in {@link #settings}, and in {@code ADDED} with the value that all trials had before there was a choice; and in {@code
 * TrialJson}, whose version goes up.
 *
 * @param data the images
 * @param teacher the teacher's name
 * @param teacherHash hash of the teacher's tensors
 * @param teacherMode where the teacher's logits come from
 * @param student the student's architecture
 * @param loss the loss
 * @param recipe the optimisation
 * @param dataSeed seeds batch order, views and the validation split
 * @param initSeed seeds the student's initial weights
 * @param workers slots that train this trial together; 1 is plain SGD
 * @param averagingFrequency steps between parameter averagings; 0 when {@code workers} is 1
 * @param computation the engine that trains it, and its numerics
 * @param seedStreams what the two seeds give the training to draw from
 */
public record Trial(
        DataRef data,
        String teacher,
        String teacherHash,
        TeacherMode teacherMode,
        String student,
        LossSettings loss,
        Recipe recipe,
        long dataSeed,
        long initSeed,
        int workers,
        int averagingFrequency,
        Computation computation,
        SeedStreams seedStreams)
        implements Serializable {
    /** Settings that came later, by the value at which {@link #canonical} leaves them out. */
    private static final Map<String, String> ADDED = Map.of(
            "loss.labelSmoothing", "0.0",
            "loss.distillation", Distillation.PLAIN.toString(),
            "loss.calibrationWeight", "0.0",
            "recipe.schedule", Schedule.STEPS.name(),
            "recipe.warmupEpochs", "0",
            "engine", Computation.CPU_FP32.engine(),
            "numerics", Computation.CPU_FP32.numerics(),
            "seedStreams", SeedStreams.PLAIN.name());

    public Trial {
        if (!teacher.matches("[^./\\\\\\p{Cntrl}][^/\\\\\\p{Cntrl}]*")) {
            throw new IllegalArgumentException(
                    "A teacher's name names a file, so it has no '/' or '\\\\' and begins with" + " no '.', found '"
                            + teacher + "'");
        }
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1, found " + workers);
        }
        if (workers == 1 && averagingFrequency != 0) {
            throw new IllegalArgumentException(
                    "averagingFrequency must be 0 with one worker, found " + averagingFrequency);
        }
    }

    /** The trial's identity: the first 20 hexadecimal digits of the SHA-256 of {@link #canonical()}. */
    public String id() {
        return Digest.of(canonical());
    }

    /** The loss's settings as all trials have them that train so in this recipe; see {@link LossSettings#effective}. */
    public LossSettings effectiveLoss() {
        return loss.withDistillation(loss.distillation().within(recipe.epochs()))
                .effective();
    }

    /** Whether its loss has no term, or none any more in the last epoch. */
    public boolean idlesAtEnd() {
        return loss.at(recipe.epochs() - 1).idles();
    }

    /** Which repetition it is. */
    public Seed seed() {
        return new Seed(dataSeed, initSeed, seedStreams);
    }

    /** The trial in a few words: pair, weights and seeds. */
    public String label() {
        return String.format(
                Locale.ROOT,
                "%s -> %s, alpha %s, beta %s, gamma %s, seed %s",
                teacher,
                student,
                loss.weights().alpha(),
                loss.weights().beta(),
                loss.weights().gamma(),
                seed());
    }

    /**
     * The settings as {@code name=value} lines in a fixed order: what is hashed. Those that were added later appear only
     * where they are not what all trials had before.
     */
    public String canonical() {
        return settings().entrySet().stream()
                .filter(setting -> !setting.getValue().equals(ADDED.get(setting.getKey())))
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining("\n"));
    }

    /** All settings by name, in the order of {@link #canonical}: what two trials are compared by. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("data.hash", data.hash());
        settings.put("data.trainImages", String.valueOf(data.trainImages()));
        settings.put("data.validationImages", String.valueOf(data.validationImages()));
        settings.put("data.testImages", String.valueOf(data.testImages()));
        settings.put("teacher.hash", teacherHash);
        settings.put("teacher.mode", String.valueOf(teacherMode));
        settings.put("student", student);
        settings.put("loss.alpha", String.valueOf(loss.weights().alpha()));
        settings.put("loss.beta", String.valueOf(loss.weights().beta()));
        settings.put("loss.gamma", String.valueOf(loss.weights().gamma()));
        settings.put("loss.temperature", String.valueOf(loss.temperature()));
        settings.put("loss.klDirection", String.valueOf(loss.klDirection()));
        settings.put("loss.focalForm", String.valueOf(loss.focalForm()));
        settings.put("loss.focalExponent", String.valueOf(loss.focalExponent()));
        settings.put("loss.labelSmoothing", String.valueOf(loss.labelSmoothing()));
        settings.put("loss.distillation", loss.distillation().toString());
        settings.put("loss.calibrationWeight", String.valueOf(loss.calibrationWeight()));
        settings.put("recipe.epochs", String.valueOf(recipe.epochs()));
        settings.put("recipe.batchSize", String.valueOf(recipe.batchSize()));
        settings.put("recipe.learningRate", String.valueOf(recipe.learningRate()));
        settings.put("recipe.momentum", String.valueOf(recipe.momentum()));
        settings.put("recipe.weightDecay", String.valueOf(recipe.weightDecay()));
        settings.put("recipe.dropAt", String.valueOf(recipe.dropAt()));
        settings.put("recipe.dropFactor", String.valueOf(recipe.dropFactor()));
        settings.put("recipe.schedule", recipe.schedule().name());
        settings.put("recipe.warmupEpochs", String.valueOf(recipe.warmupEpochs()));
        settings.put("dataSeed", String.valueOf(dataSeed));
        settings.put("initSeed", String.valueOf(initSeed));
        settings.put("workers", String.valueOf(workers));
        settings.put("averagingFrequency", String.valueOf(averagingFrequency));
        settings.put("engine", computation.engine());
        settings.put("numerics", computation.numerics());
        settings.put("seedStreams", seedStreams.name());
        return settings;
    }
}
