package org.focaldistill.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.focaldistill.text.Words;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what processes that were killed have left of files which they had not published yet, beside a run. Such a file is
 * nobody's if its writer was a process of this machine that is gone, or, wherever it was written, if it has not changed for
 * longer than a writer waits for a file system that is away. No clock is asked: what changes is seen by comparing.
 */
public final class Leftovers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    /** Clients of HDFS wait for 11 minutes. */
    private static final Duration UNCHANGED = Duration.ofMinutes(15);
    /** A results folder has tables, and checkpoints by trial. */
    private static final int DEPTH = 2;

    private final Configuration configuration;
    private final List<Path> folders;
    private final Duration unchanged;
    private final Thread thread = new Thread(this::run, "leftovers");

    private Leftovers(Configuration configuration, List<Path> folders, Duration unchanged) {
        this.configuration = configuration;
        this.folders = folders;
        this.unchanged = unchanged;
    }

    /**
     * Begins to look, until it is closed.
     *
     * @param folders where; those that do not exist have nothing left in them
     */
    public static Leftovers sweep(Configuration configuration, List<Path> folders) {
        return sweep(configuration, folders, UNCHANGED);
    }

    static Leftovers sweep(Configuration configuration, List<Path> folders, Duration unchanged) {
        Leftovers leftovers = new Leftovers(configuration, folders, unchanged);
        leftovers.thread.setDaemon(true);
        leftovers.thread.start();
        return leftovers;
    }

    /** Deletes at once what processes of this machine that are gone have left in a folder, if it can. */
    static void deleteOfGone(FileSystem files, Path folder) {
        try {
            look(files, folder, 0, new ArrayList<>());
        } catch (IOException | FSError e) {
            LOG.debug("Cannot look for leftovers in {}: {}", folder, Words.reason(e), e);
        }
    }

    private void run() {
        try {
            List<FileStatus> others = new ArrayList<>();
            for (Path folder : folders) {
                look(files(folder), folder, DEPTH, others);
            }
            Thread.sleep(unchanged.toMillis());
            for (FileStatus file : others) {
                deleteUnchanged(file);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | FSError e) {
            // They take room, and nothing else; a later run looks again.
            LOG.debug("Cannot look for leftovers in {}: {}", folders, Words.reason(e), e);
        }
    }

    private FileSystem files(Path folder) throws IOException {
        return AtomicFiles.withoutChecksumFiles(folder.getFileSystem(configuration));
    }

    /** Deletes what is surely nobody's, and adds what may be to the others. */
    private static void look(FileSystem files, Path folder, int depth, List<FileStatus> others) throws IOException {
        FileStatus[] found;
        try {
            found = files.listStatus(folder);
        } catch (FileNotFoundException e) {
            return;
        }
        for (FileStatus file : found) {
            TemporaryName name = TemporaryName.parse(file.getPath().getName());
            if (name == null && file.isDirectory() && depth > 0) {
                look(files, file.getPath(), depth - 1, others);
            } else if (name != null && name.writerIsGone()) {
                delete(files, file);
            } else if (name != null && file.isFile() && !name.isOfHere()) {
                others.add(file);
            }
        }
    }

    private void deleteUnchanged(FileStatus before) throws IOException {
        FileSystem files = files(before.getPath());
        try {
            FileStatus now = files.getFileStatus(before.getPath());
            if (now.getLen() == before.getLen() && now.getModificationTime() == before.getModificationTime()) {
                delete(files, now);
            }
        } catch (FileNotFoundException e) {
            LOG.debug("{} was published or deleted", before.getPath());
        }
    }

    private static void delete(FileSystem files, FileStatus file) throws IOException {
        if (files.delete(file.getPath(), true)) {
            LOG.info("Deleted {}, which a killed process has left", file.getPath());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
