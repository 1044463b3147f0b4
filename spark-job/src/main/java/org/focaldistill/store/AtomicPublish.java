package org.focaldistill.store;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/**
 * Files that appear whole or not at all: written under a hidden name in the target's directory, then renamed. Readers
 * of Parquet directories skip hidden names, so what a crash leaves behind is never read.
 */
final class AtomicPublish {
    private final FileContext files;

    /** Publishes on the file system of {@code directory}, which has a scheme. */
    AtomicPublish(Configuration configuration, Path directory) throws IOException {
        this.files = FileContext.getFileContext(directory.toUri(), configuration);
    }

    /** Writes a whole file at the given, not yet existing path. */
    interface Content {
        void writeTo(Path file) throws IOException;
    }

    /** Publishes {@code target} unless it exists; returns whether it did. */
    boolean create(Path target, Content content) throws IOException {
        if (files.util().exists(target)) {
            return false;
        }
        try {
            publish(target, content, Rename.NONE);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** Publishes {@code target} in place of whatever file is there. */
    void replace(Path target, Content content) throws IOException {
        publish(target, content, Rename.OVERWRITE);
    }

    // FileContext.rename, because FileSystem.rename overwrites without a word on the local file system.
    private void publish(Path target, Content content, Rename mode) throws IOException {
        Path hidden = new Path(target.getParent(), "." + target.getName() + "." + UUID.randomUUID() + ".tmp");
        try {
            content.writeTo(hidden);
            files.rename(hidden, target, mode);
        } finally {
            // Gone after a successful rename; deleting what is not there is no error.
            files.delete(hidden, false);
        }
    }
}
