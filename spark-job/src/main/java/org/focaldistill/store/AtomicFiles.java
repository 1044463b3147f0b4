package org.focaldistill.store;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.io.IOUtils;
import org.focaldistill.text.Words;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes files whole or not at all: each is written to a hidden neighbour, flushed to disk, then renamed. Readers
 * that skip names beginning with '.' (Spark and Hadoop do) never see a part of one.
 *
 * <p>On HDFS the name node decides who comes first. On a local disk Hadoop's own rename checks and then acts, and may
 * overwrite in between; there a hard link does it, which the kernel refuses where the name is taken. Local files get no
 * {@code .crc} companions: two files cannot be renamed at once. Object stores have no rename to build this on and are
 * refused.
 */
public final class AtomicFiles {
    private static final Logger LOG = LoggerFactory.getLogger(AtomicFiles.class);

    private AtomicFiles() {}

    /** Writes the bytes of one file; need not close the stream. */
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Publishes a file that is not there yet. Of several writers at once exactly one succeeds.
     *
     * @throws FileAlreadyExistsException when the target exists; it is unchanged
     */
    public static void writeNew(FileSystem fileSystem, Path target, Content content) throws IOException {
        publish(fileSystem, target, content, AtomicFiles::moveToNew);
    }

    /**
     * Publishes a file that is not there yet. Of several writers at once exactly one succeeds.
     *
     * @throws FileAlreadyExistsException when the target exists; it is unchanged
     */
    public static void writeNew(FileSystem fileSystem, Path target, byte[] content) throws IOException {
        writeNew(fileSystem, target, out -> out.write(content));
    }

    /** Publishes a file in place of what is there; readers see the old content or the new. */
    public static void replace(FileSystem fileSystem, Path target, Content content) throws IOException {
        publish(fileSystem, target, content, AtomicFiles::moveOver);
    }

    /** Publishes a file in place of what is there; readers see the old content or the new. */
    public static void replace(FileSystem fileSystem, Path target, byte[] content) throws IOException {
        replace(fileSystem, target, out -> out.write(content));
    }

    /** May forbid a file's publication. */
    public interface Check {
        void require() throws IOException;
    }

    /**
     * The same, if a check allows it when all is written: what takes longest is over then.
     *
     * @throws IOException what the check throws; the target is unchanged
     */
    static void replace(FileSystem fileSystem, Path target, byte[] content, Check last) throws IOException {
        publish(fileSystem, target, out -> out.write(content), (files, from, to) -> {
            last.require();
            moveOver(files, from, to);
        });
    }

    /**
     * Renames a finished folder to a name that is free or an empty folder's.
     *
     * @throws FileAlreadyExistsException when the target holds anything
     */
    static void moveFolder(FileSystem fileSystem, Path from, Path to) throws IOException {
        FolderAccess.requireAtomicRename(fileSystem);
        if (!isLocal(fileSystem)) {
            if (fileSystem.exists(to) && fileSystem.listStatus(to).length == 0) {
                fileSystem.delete(to, false);
            }
            rename(fileSystem, from, to, Options.Rename.NONE);
            return;
        }
        try {
            Files.move(local(from), local(to), StandardCopyOption.ATOMIC_MOVE);
        } catch (DirectoryNotEmptyException e) {
            throw exists(to, e);
        } catch (FileSystemException e) {
            throw Files.exists(local(to)) ? exists(to, e) : e;
        }
    }

    /** The file system without Hadoop's {@code .crc} companions of local files. */
    static FileSystem withoutChecksumFiles(FileSystem fileSystem) {
        return fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
    }

    /** A name beside the target that readers skip. */
    static Path hiddenNeighbour(Path target) {
        return new Path(target.getParent(), TemporaryName.of(target.getName()));
    }

    private interface Move {
        void move(FileSystem fileSystem, Path from, Path to) throws IOException;
    }

    private static void publish(FileSystem fileSystem, Path target, Content content, Move move) throws IOException {
        FolderAccess.requireAtomicRename(fileSystem);
        FileSystem plain = withoutChecksumFiles(fileSystem);
        Path to = plain.makeQualified(target);
        if (to.getParent() == null) {
            throw new IOException("Cannot write a file at the root " + to);
        }
        Path temporary = hiddenNeighbour(to);
        try {
            plain.mkdirs(to.getParent());
            write(plain, temporary, content);
            move.move(plain, temporary, to);
        } catch (FSError e) {
            throw DiskException.at(to, e);
        } catch (IOException e) {
            throw DiskException.at(to, e);
        } finally {
            plain.delete(temporary, false);
        }
    }

    /** Writes a new file and flushes it to disk. */
    static void write(FileSystem fileSystem, Path file, Content content) throws IOException {
        FSDataOutputStream out = fileSystem.create(file, false);
        try {
            content.writeTo(new OpenStream(out));
            if (out.hasCapability(StreamCapabilities.HSYNC)) {
                out.hsync();
            }
        } catch (IOException | RuntimeException | FSError e) {
            // Closing throws what was thrown before, which try-with-resources can not take.
            closeQuietly(out);
            throw e;
        }
        out.close();
    }

    private static void closeQuietly(FSDataOutputStream out) {
        try {
            IOUtils.closeStream(out);
        } catch (FSError e) {
            LOG.debug("A file that is given up can not be closed", e);
        }
    }

    private static void moveToNew(FileSystem fileSystem, Path from, Path to) throws IOException {
        if (!isLocal(fileSystem)) {
            rename(fileSystem, from, to, Options.Rename.NONE);
            return;
        }
        try {
            Files.createLink(local(to), local(from));
        } catch (java.nio.file.FileAlreadyExistsException e) {
            throw exists(to, e);
        } catch (UnsupportedOperationException | FileSystemException e) {
            throw new IOException(
                    "Cannot publish " + to + ": its disk makes no hard links (" + Words.reason(e)
                            + "). Choose an output folder on another one.",
                    e);
        }
    }

    private static void moveOver(FileSystem fileSystem, Path from, Path to) throws IOException {
        if (!isLocal(fileSystem)) {
            rename(fileSystem, from, to, Options.Rename.OVERWRITE);
            return;
        }
        // What another program left there would be held against the new content.
        Files.deleteIfExists(local(new Path(to.getParent(), "." + to.getName() + ".crc")));
        Files.move(local(from), local(to), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void rename(FileSystem fileSystem, Path from, Path to, Options.Rename how) throws IOException {
        FileContext.getFileContext(fileSystem.getUri(), fileSystem.getConf()).rename(from, to, how);
    }

    private static boolean isLocal(FileSystem fileSystem) {
        return fileSystem.getUri().getScheme().equals("file");
    }

    private static java.nio.file.Path local(Path path) {
        return java.nio.file.Path.of(path.toUri().getPath());
    }

    private static FileAlreadyExistsException exists(Path path, IOException cause) {
        FileAlreadyExistsException exists = new FileAlreadyExistsException(path + " exists already");
        exists.initCause(cause);
        return exists;
    }

    /** Stays open when closed, so that the file can be flushed to disk afterwards. */
    private static final class OpenStream extends FilterOutputStream {
        OpenStream(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
