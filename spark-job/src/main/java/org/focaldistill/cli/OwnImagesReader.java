package org.focaldistill.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.config.DataFormat;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.data.ColourStatistics;
import org.focaldistill.data.ImageDataSet;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.own.ImageSource;
import org.focaldistill.data.own.OwnImages;
import org.focaldistill.store.own.ImageFolder;
import org.focaldistill.store.own.ImageTable;

/** Reads somebody's own images as a configuration says, and prints what they are. */
final class OwnImagesReader {
    private static final int TELL_EACH = 10_000;

    private final FocalDistillConfig.Data data;
    private final Configuration hadoop;
    private final PrintWriter out;

    OwnImagesReader(FocalDistillConfig.Data data, Configuration hadoop, PrintWriter out) {
        this.data = data;
        this.hadoop = hadoop;
        this.out = out;
    }

    /** @throws IOException if they can not be read, or are refused */
    OwnImages.Made read(String location) throws IOException {
        Path root = new Path(location);
        FocalDistillConfig.OwnData own = data.own();
        ImageSource source = data.format() == DataFormat.FOLDER
                ? new ImageFolder(hadoop, root)
                : new ImageTable(hadoop, root, own.imageColumn(), own.labelColumn());
        out.println("Reading " + location);
        out.flush();
        return new OwnImages(own.images()).read(source, name(root), read -> {
            if (read % TELL_EACH == 0) {
                out.printf(Locale.ROOT, "%d images are read%n", read);
                out.flush();
            }
        });
    }

    private String name(Path root) throws IOException {
        String name = data.own().name();
        if (name != null) {
            return name;
        }
        String last = root.getFileSystem(hadoop).makeQualified(root).getName();
        return last.isBlank() || last.equals(ImageDataSet.GENERATED) ? "own-images" : last;
    }

    /** @param validation images that a sweep is to hold out */
    void print(OwnImages.Made made, int validation) {
        ImageDataSet set = made.data();
        ColourStatistics colours = ColourStatistics.of(set.train());
        out.printf(
                Locale.ROOT,
                "%d x %d pixels; red, green and blue of the training images have the means %s and deviations %s%n",
                set.train().side(),
                set.train().side(),
                colours.mean(),
                colours.deviation());
        List<String> classes = new ArrayList<>();
        int[] train = counts(set.train(), set.classes());
        int[] test = counts(set.test(), set.classes());
        for (int label = 0; label < set.classes(); label++) {
            classes.add(set.classNames().get(label) + " " + train[label] + " + " + test[label]);
        }
        out.println("Training and test images: " + String.join(", ", classes));
        made.remarks().forEach(remark -> out.println("WARNING: " + remark));
        if (validation >= set.train().size()) {
            out.println("Next: set data.validation, now " + validation + ", to fewer than the training images");
        }
    }

    private static int[] counts(ImageSet images, int classes) {
        int[] counts = new int[classes];
        for (int label : images.labels()) {
            counts[label]++;
        }
        return counts;
    }
}
