package org.focaldistill.config;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.focaldistill.data.own.OwnImages;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.sweep.EngineChoice;
import org.focaldistill.sweep.NumericsChoice;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.SlowKernels;
import org.focaldistill.sweep.SweepDefinition;
import org.focaldistill.sweep.TeacherMode;
import org.focaldistill.sweep.race.RaceRules;
import org.focaldistill.sweep.stop.StopRules;
import org.jspecify.annotations.Nullable;

/**
 * Everything a configuration says. {@code reference.conf} documents each key; {@link ConfigLoader} makes it.
 *
 * @param paths where things are
 * @param data the photographs
 * @param generated the images made by the program itself
 * @param teachers the teachers there are, by name
 * @param teacher how a sweep gets and uses its teachers
 * @param sweep what to train
 * @param race how its cells race, if they do
 * @param stop which of its trials end early
 * @param run how to train it
 */
public record FocalDistillConfig(
        Paths paths,
        Data data,
        Generated generated,
        Map<String, TeacherDefinition> teachers,
        TeacherUse teacher,
        SweepDefinition sweep,
        RaceRules race,
        StopRules stop,
        Run run) {

    public FocalDistillConfig {
        teachers = Map.copyOf(teachers);
    }

    /** The same with each path of {@link Paths} rewritten. */
    public FocalDistillConfig withPaths(UnaryOperator<String> rewrite) {
        Paths rewritten = new Paths(
                rewrite.apply(paths.root),
                rewrite.apply(paths.data),
                rewrite.apply(paths.teachers),
                rewrite.apply(paths.bank),
                rewrite.apply(paths.results));
        return new FocalDistillConfig(rewritten, data, generated, teachers, teacher, sweep, race, stop, run);
    }

    /**
     * The teacher of a name.
     *
     * @throws ConfigException if none is called so
     */
    public TeacherDefinition teacherNamed(String name) {
        TeacherDefinition teacher = teachers.get(name);
        if (teacher == null) {
            throw new ConfigException(List.of("no teacher '" + name + "' is defined under teachers; "
                    + Spelling.hint(name, new TreeSet<>(teachers.keySet()))));
        }
        return teacher;
    }

    /**
     * Folders, as URIs that Hadoop understands.
     *
     * @param root where the others are unless said otherwise
     * @param data image shards
     * @param teachers trained teachers
     * @param bank teachers' logits
     * @param results plans, trials, checkpoints and students
     */
    public record Paths(String root, String data, String teachers, String bank, String results) {}

    /**
     * The photographs and how many of them are used.
     *
     * @param source URL or path of the archive, a folder it was unpacked to, or where somebody's own images are; null where
     *     nothing says so
     * @param format what they are
     * @param md5 what the archive's MD5 must be, in lower case; null: not checked. A folder has none
     * @param own what becomes of images that are no archive's
     * @param trainImages the first so many training images are used; 0: all
     * @param validation so many of those are held out
     * @param testImages the first so many test images are used; 0: all
     * @param imagesPerShard images in a Parquet file
     */
    public record Data(
            @Nullable String source,
            DataFormat format,
            @Nullable String md5,
            OwnData own,
            int trainImages,
            int validation,
            int testImages,
            int imagesPerShard) {}

    /**
     * What becomes of somebody's own images.
     *
     * @param name what the data set is called; null: as the folder or file it is read from
     * @param images their size, and which of them are for testing
     * @param imageColumn in Parquet files, the images
     * @param labelColumn in Parquet files, the classes
     */
    public record OwnData(@Nullable String name, OwnImages.Settings images, String imageColumn, String labelColumn) {}

    /**
     * Images to try the program with.
     *
     * @param seed what they are made from
     */
    public record Generated(int trainImages, int testImages, long seed) {}

    /**
     * A teacher and how to train it.
     *
     * @param model its architecture
     * @param recipe how it is optimised
     * @param loss its loss: cross entropy and focal term, alpha is 0
     * @param dataSeed seeds batch order and views
     * @param initSeed seeds the initial weights
     */
    public record TeacherDefinition(String model, Recipe recipe, LossSettings loss, long dataSeed, long initSeed) {
        public TeacherDefinition {
            if (loss.weights().alpha() != 0) {
                throw new IllegalArgumentException("A teacher has no teacher of its own, found alpha "
                        + loss.weights().alpha());
            }
            if (loss.weights().beta() == 0 && loss.weights().gamma() == 0) {
                throw new IllegalArgumentException("beta and gamma must not both be 0: nothing would be learned");
            }
        }
    }

    /**
     * How a sweep gets and uses its teachers.
     *
     * @param mode where their logits come from
     * @param train whether a sweep trains a missing teacher itself
     */
    public record TeacherUse(TeacherMode mode, boolean train) {}

    /**
     * How to train.
     *
     * @param slots trials at a time; 0: as many as Spark gives cores or GPUs
     * @param checkpointEpochs epochs between two checkpoints
     * @param attempts tries at a trial
     * @param engine what trains
     * @param numerics in which numbers
     * @param slowKernels what to do about executors that could train much faster
     * @param executorWaitMinutes how long a run may have no executor that can be used; 0: without end
     */
    public record Run(
            int slots,
            int checkpointEpochs,
            int attempts,
            EngineChoice engine,
            NumericsChoice numerics,
            SlowKernels slowKernels,
            int executorWaitMinutes) {}
}
