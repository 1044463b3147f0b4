package org.focaldistill.cli;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A new folder that is deleted with all it holds when it is closed, or else when the program ends. */
final class TemporaryFolder implements AutoCloseable {
    private final FileSystem fileSystem;
    private final Path folder;

    /** @param purpose what its name begins with */
    TemporaryFolder(Configuration hadoop, String parent, String purpose) throws IOException {
        folder = new Path(parent, purpose + "-" + UUID.randomUUID());
        fileSystem = folder.getFileSystem(hadoop);
        fileSystem.mkdirs(folder);
        // For Ctrl-C, after which nothing is closed.
        fileSystem.deleteOnExit(folder);
    }

    String uri() {
        return folder.toString();
    }

    @Override
    public void close() throws IOException {
        fileSystem.delete(folder, true);
    }
}
