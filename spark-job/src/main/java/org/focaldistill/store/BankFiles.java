package org.focaldistill.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.focaldistill.data.ViewedImages;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.LogitsFile;
import org.focaldistill.weights.Tensor;

/** One teacher's bank: a folder with a file of logits for each set of images, published whole and never changed. */
public final class BankFiles {
    private static final String SUFFIX = ".safetensors";

    private final ModelFiles files;
    private final FileSystem fileSystem;
    private final Path folder;
    private final BankKey key;

    public BankFiles(Configuration configuration, BankKey key) throws IOException {
        this.files = new ModelFiles(configuration);
        this.folder = new Path(key.folder(), key.name());
        this.fileSystem = folder.getFileSystem(configuration);
        this.key = key;
    }

    /** Where the logits of a set are, if they are there. */
    public Path file(ViewedImages set) {
        return new Path(folder, set.name() + SUFFIX);
    }

    /** The size in bytes of a set's file, without its header of some hundred. */
    public long bytes(ViewedImages set) {
        return LogitsFile.bytes(set.size(), key.classes(), half(set));
    }

    /** Names of the sets that have a file, sound or not. */
    public Set<String> names() throws IOException {
        Set<String> names = new HashSet<>();
        if (fileSystem.exists(folder)) {
            for (FileStatus status : fileSystem.listStatus(folder)) {
                String name = status.getPath().getName();
                if (name.endsWith(SUFFIX) && !name.startsWith(".")) {
                    names.add(name.substring(0, name.length() - SUFFIX.length()));
                }
            }
        }
        return names;
    }

    /**
     * Logits {@code [size, classes]} of a set.
     *
     * @throws FileNotFoundException if there are none
     * @throws InvalidModelException if the file is damaged, or of other images or another teacher
     */
    public Tensor read(ViewedImages set) throws IOException {
        Path file = file(set);
        LogitsFile found = LogitsFile.parse(files.readBytes(file), file.toString());
        List<String> differences = new ArrayList<>();
        about(set).forEach((name, expected) -> {
            String value = found.about().getOrDefault(name, "missing");
            if (!value.equals(expected)) {
                differences.add(name + " is " + value + ", not " + expected);
            }
        });
        long[] shape = {set.size(), key.classes()};
        if (!Arrays.equals(found.logits().shape(), shape)) {
            differences.add(
                    "its logits are " + Arrays.toString(found.logits().shape()) + ", not " + Arrays.toString(shape));
        }
        if (!differences.isEmpty()) {
            throw new InvalidModelException(file + " is not what its name says: " + String.join("; ", differences));
        }
        return found.logits();
    }

    /**
     * Publishes the logits of a set, in place of what is there.
     *
     * @param logits {@code [size, classes]}
     * @return the logits as they will be read
     * @throws InvalidModelException if a logit is not finite or does not fit the precision; nothing is written
     */
    public Tensor write(ViewedImages set, Tensor logits) throws IOException {
        byte[] bytes = new LogitsFile(logits, about(set)).toBytes(half(set));
        files.write(file(set), bytes, true);
        return LogitsFile.parse(bytes, file(set).toString()).logits();
    }

    private boolean half(ViewedImages set) {
        return key.half() && set instanceof ViewedImages.AtPosition;
    }

    private Map<String, String> about(ViewedImages set) {
        Map<String, String> about = new LinkedHashMap<>(key.about());
        about.put("images", set.name());
        return about;
    }
}
