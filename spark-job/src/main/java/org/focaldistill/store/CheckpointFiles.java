package org.focaldistill.store;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.focaldistill.text.Words;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Safetensors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One training's checkpoints, a file an epoch; the newest two are kept, in case the newest is damaged. */
public final class CheckpointFiles {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFiles.class);
    private static final int KEPT = 2;
    private static final String PREFIX = "epoch-";
    private static final String SUFFIX = ".safetensors";

    private final FileSystem fileSystem;
    private final Path folder;
    private final ModelFiles models;

    /** @param folder holds this training's checkpoints and nothing else */
    public CheckpointFiles(Configuration configuration, Path folder) throws IOException {
        this.fileSystem = folder.getFileSystem(configuration);
        this.folder = folder;
        this.models = new ModelFiles(configuration);
    }

    /** What {@link #newest} makes of a file. */
    public interface Reader<T> {
        /** @throws InvalidModelException if the file is damaged; anything else thrown ends the search */
        T read(Safetensors file, String name) throws IOException;
    }

    /**
     * Publishes the checkpoint of an epoch and deletes those no longer needed, among them any of later epochs: they
     * could not be read, or the training would have gone on from them.
     *
     * @param permitted asked at the last moment: the driver may be followed by another one at any time
     */
    public void save(int epoch, Safetensors checkpoint, AtomicFiles.Check permitted) throws IOException {
        String name = String.format(Locale.ROOT, "%s%05d%s", PREFIX, epoch, SUFFIX);
        AtomicFiles.replace(fileSystem, new Path(folder, name), checkpoint.toBytes(), permitted);
        int kept = 0;
        for (Path file : files()) {
            boolean later = file.getName().compareTo(name) > 0;
            if (later || ++kept > KEPT) {
                fileSystem.delete(file, false);
            }
        }
    }

    /** The newest checkpoint that can be read; a damaged one is passed over with a warning. Null if there is none. */
    public <T> @Nullable T newest(Reader<T> reader) throws IOException {
        for (Path file : files()) {
            try {
                return reader.read(models.read(file), file.toString());
            } catch (InvalidModelException | EOFException | ChecksumException e) {
                LOG.warn("Going back to an older checkpoint. {}", Words.reason(e));
            }
        }
        return null;
    }

    /** The epoch of the newest one, readable or not; 0 if there is none. */
    public int newestEpoch() throws IOException {
        Saved newest = newestSaved();
        return newest == null ? 0 : newest.epoch();
    }

    /** A checkpoint's epoch and when it was written. */
    record Saved(int epoch, Instant at) {}

    /** The newest one, readable or not; null if there is none. */
    @Nullable Saved newestSaved() throws IOException {
        List<FileStatus> files = statuses();
        if (files.isEmpty()) {
            return null;
        }
        String name = files.get(0).getPath().getName();
        int epoch = Integer.parseInt(name.substring(PREFIX.length(), name.length() - SUFFIX.length()));
        return new Saved(epoch, Instant.ofEpochMilli(files.get(0).getModificationTime()));
    }

    /** Deletes all of them. */
    public void delete() throws IOException {
        fileSystem.delete(folder, true);
    }

    private List<Path> files() throws IOException {
        return statuses().stream().map(FileStatus::getPath).toList();
    }

    /** The newest first. */
    private List<FileStatus> statuses() throws IOException {
        FileStatus[] found;
        try {
            found = fileSystem.listStatus(folder, path -> path.getName().matches(PREFIX + "\\d+\\" + SUFFIX));
        } catch (FileNotFoundException e) {
            return List.of();
        }
        return Arrays.stream(found)
                .sorted(Comparator.<FileStatus, String>comparing(
                                file -> file.getPath().getName())
                        .reversed())
                .toList();
    }
}
