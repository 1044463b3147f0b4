package org.focaldistill.testing;

import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk, but no checkpoint is written while a certain file is there; and hooks that name no time of their own get
 * a second of Hadoop, not 30. For {@code fs.file.impl}.
 */
public final class SlowDisk extends LocalFileSystem {
    /** Names the file. */
    public static final String WHILE = "focaldistill.test.slow.while";

    static {
        Configuration.addDefaultResource("short-shutdown.xml");
    }

    /** Made by Hadoop. */
    public SlowDisk() {
        super(new Raw());
    }

    private static final class Raw extends RawLocalFileSystem {
        @Override
        public FSDataOutputStream create(
                Path file, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
                throws IOException {
            FSDataOutputStream out = super.create(file, overwrite, bufferSize, replication, blockSize, progress);
            java.nio.file.Path slow = java.nio.file.Path.of(getConf().get(WHILE));
            while (file.getName().startsWith(".epoch-") && Files.exists(slow)) {
                pause();
            }
            return out;
        }

        private static void pause() throws IOException {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IOException("Interrupted while the disk was slow", e);
            }
        }
    }
}
