package org.focaldistill.spark.bank;

import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.fs.Path;
import org.focaldistill.net.ImageInput;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.store.BankKey;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.TeacherMode;
import org.focaldistill.sweep.Trial;
import org.focaldistill.train.TeacherLogits;
import org.jspecify.annotations.Nullable;

/** Which bank each trial of a sweep uses. */
public final class Banks {
    private final String folder;
    private final DataLocation data;
    private final Map<String, ReadyTeacher> teachers;

    /**
     * @param folder of all banks
     * @param data the images all trials use
     * @param teachers by the name that trials call them
     */
    public Banks(String folder, DataLocation data, Map<String, ReadyTeacher> teachers) {
        this.folder = folder;
        this.data = data;
        this.teachers = Map.copyOf(teachers);
    }

    /** Where all banks are. */
    public Path folder() {
        return new Path(folder);
    }

    /** The images all trials use. */
    public DataLocation data() {
        return data;
    }

    /** The teacher that a trial names. */
    public ReadyTeacher teacher(Trial trial) {
        return Objects.requireNonNull(teachers.get(trial.teacher()), trial.teacher());
    }

    /** A trial's bank; null if its teacher runs on every batch. */
    public @Nullable Bank of(Trial trial) {
        if (!trial.teacherMode().isBank()) {
            return null;
        }
        TeacherLocation teacher = teacher(trial).location();
        BankKey key = new BankKey(
                folder,
                teacher.model(),
                teacher.hash(),
                data.hash(),
                data.classes(),
                scheme(data.images(), teacher.computation()),
                trial.teacherMode() == TeacherMode.BANK_FP16);
        return new Bank(key, teacher, data);
    }

    /** Engines round differently, and a trial's numbers must not depend on who filled the bank. */
    private static String scheme(ImageInput images, Computation computation) {
        return computation.equals(Computation.CPU_FP32)
                ? TeacherLogits.scheme(images)
                : TeacherLogits.scheme(images) + ", " + computation;
    }
}
