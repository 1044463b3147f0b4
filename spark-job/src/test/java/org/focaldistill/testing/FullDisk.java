package org.focaldistill.testing;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A local disk without space, as Hadoop's local file system meets it: Linux's {@code /dev/full}. */
public final class FullDisk {
    private static final Path FILE = new Path("file:///dev/full");

    private FullDisk() {}

    /** @throws org.apache.hadoop.fs.FSError always */
    public static void write() throws IOException {
        FileSystem files = FileSystem.getLocal(new Configuration()).getRawFileSystem();
        OutputStream out = files.append(FILE);
        out.write(1);
        out.flush();
        throw new IllegalStateException("There was space in " + FILE);
    }
}
