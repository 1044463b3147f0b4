package org.focaldistill.sweep;

import java.io.Serializable;
import java.util.Locale;
import org.focaldistill.loss.LossSettings;

/**
 * One student to train: everything that decides its numbers, and nothing else. Its role in a sweep, the sweep itself,
 * the host and the code version are not part of it, so equal trials of different sweeps are one trial.
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
        int averagingFrequency)
        implements Serializable {

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

    /** The trial in a few words: pair, weights and seeds. */
    public String label() {
        return String.format(
                Locale.ROOT,
                "%s -> %s, alpha %s, beta %s, gamma %s, seeds %d/%d",
                teacher,
                student,
                loss.weights().alpha(),
                loss.weights().beta(),
                loss.weights().gamma(),
                dataSeed,
                initSeed);
    }

    /** All settings as {@code name=value} lines in a fixed order: what is hashed, and what two trials are compared by. */
    public String canonical() {
        return String.join(
                "\n",
                "data.hash=" + data.hash(),
                "data.trainImages=" + data.trainImages(),
                "data.validationImages=" + data.validationImages(),
                "data.testImages=" + data.testImages(),
                "teacher.hash=" + teacherHash,
                "teacher.mode=" + teacherMode,
                "student=" + student,
                "loss.alpha=" + loss.weights().alpha(),
                "loss.beta=" + loss.weights().beta(),
                "loss.gamma=" + loss.weights().gamma(),
                "loss.temperature=" + loss.temperature(),
                "loss.klDirection=" + loss.klDirection(),
                "loss.focalForm=" + loss.focalForm(),
                "loss.focalExponent=" + loss.focalExponent(),
                "recipe.epochs=" + recipe.epochs(),
                "recipe.batchSize=" + recipe.batchSize(),
                "recipe.learningRate=" + recipe.learningRate(),
                "recipe.momentum=" + recipe.momentum(),
                "recipe.weightDecay=" + recipe.weightDecay(),
                "recipe.dropAt=" + recipe.dropAt(),
                "recipe.dropFactor=" + recipe.dropFactor(),
                "dataSeed=" + dataSeed,
                "initSeed=" + initSeed,
                "workers=" + workers,
                "averagingFrequency=" + averagingFrequency);
    }
}
