package org.focaldistill.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.config.ConfigException;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.config.FocalDistillConfig.TeacherDefinition;
import org.focaldistill.data.ArchiveFormat;
import org.focaldistill.data.ImageSet;
import org.focaldistill.spark.TeacherJob;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.store.DataSetIndex;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.store.ShardStore;
import org.focaldistill.store.Split;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.Pair;
import org.focaldistill.sweep.SweepPlan;

/** What a configuration amounts to, given the images and teachers there are. */
final class Inputs {
    private final FocalDistillConfig config;
    private final Images images;

    /** @param prepared whether they are there to be read */
    private record Images(boolean prepared, String name, boolean generated, DataLocation all) {
        static Images of(String folder, DataSetIndex index) {
            return new Images(
                    true,
                    index.name(),
                    index.generated(),
                    DataLocation.of(folder, index, index.trainImages(), index.testImages()));
        }

        static Images of(String folder, ArchiveFormat archive) {
            return new Images(
                    false,
                    archive.datasetName(),
                    false,
                    new DataLocation(
                            folder,
                            "not-prepared-yet",
                            archive.classes(),
                            archive.officialTrainImages(),
                            archive.officialTestImages()));
        }
    }

    /** @throws IOException if there are no prepared images */
    Inputs(FocalDistillConfig config, Configuration hadoop) throws IOException {
        this(
                config,
                Images.of(
                        config.paths().data(),
                        new ShardStore(hadoop, new Path(config.paths().data())).index()));
    }

    private Inputs(FocalDistillConfig config, Images images) {
        this.config = config;
        this.images = images;
    }

    /**
     * Where no images are prepared, with as many as the archive has.
     *
     * @throws IOException if there are none and they are of no archive
     */
    static Inputs preparedOrNot(FocalDistillConfig config, Configuration hadoop) throws IOException {
        try {
            return new Inputs(config, hadoop);
        } catch (FileNotFoundException e) {
            ArchiveFormat archive = config.data().format().archive();
            if (archive == null) {
                throw e; // only who has them knows how many there are
            }
            return new Inputs(config, Images.of(config.paths().data(), archive));
        }
    }

    /** Whether the images are there, and with them their hash. */
    boolean prepared() {
        return images.prepared;
    }

    DataRef dataRef() {
        FocalDistillConfig.Data data = config.data();
        int train = used("data.trainImages", data.trainImages(), images.all.trainImages());
        int test = used("data.testImages", data.testImages(), images.all.testImages());
        if (data.validation() >= train) {
            throw new ConfigException(List.of("data.validation: " + data.validation()
                    + " images can not be held out of " + train + " training images"));
        }
        return new DataRef(images.name, images.all.hash(), images.generated, train, data.validation(), test);
    }

    private int used(String path, int wanted, int there) {
        if (wanted > there) {
            throw new ConfigException(List.of(path + ": " + wanted + " images are wanted, "
                    + config.paths().data() + " has " + there));
        }
        return wanted == 0 ? there : wanted;
    }

    /** The test images themselves, as many as are used. */
    ImageSet testImages(Configuration hadoop) throws IOException {
        return new ShardStore(hadoop, new Path(config.paths().data()))
                .read(Split.TEST, dataRef().testImages());
    }

    DataLocation dataLocation() {
        DataRef data = dataRef();
        return images.all.first(data.trainImages(), data.testImages());
    }

    /** Where a teacher's model file is. */
    String teacherUri(String name) {
        return teacherUri(config, name);
    }

    static String teacherUri(FocalDistillConfig config, String name) {
        return new Path(config.paths().teachers(), name + ".safetensors").toString();
    }

    TeacherJob.Order order(String name) {
        TeacherDefinition teacher = config.teacherNamed(name);
        return new TeacherJob.Order(
                name,
                teacherUri(name),
                teacher.model(),
                teacher.loss(),
                teacher.recipe(),
                config.data().validation(),
                teacher.dataSeed(),
                teacher.initSeed());
    }

    /** The teachers that the sweep's pairs name. */
    List<String> teachersOfPairs() {
        return config.sweep().pairs().stream().map(Pair::teacher).distinct().toList();
    }

    /** Those of them that have no model file yet. */
    List<String> missingTeachers(Configuration hadoop) throws IOException {
        List<String> missing = new ArrayList<>();
        for (String teacher : teachersOfPairs()) {
            if (!new ModelFiles(hadoop).exists(new Path(teacherUri(teacher)))) {
                missing.add(teacher);
            }
        }
        return missing;
    }

    SweepPlan plan(Map<String, ReadyTeacher> teachers, Computation computation) {
        Map<String, String> hashes = new TreeMap<>();
        teachers.forEach((name, teacher) -> hashes.put(name, teacher.location().hash()));
        try {
            return SweepPlan.of(config.sweep(), dataRef(), hashes, computation);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(List.of(String.valueOf(e.getMessage())));
        }
    }
}
