package org.focaldistill.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Safetensors;

/** Reads and publishes model files on any Hadoop file system. */
public final class ModelFiles {
    /** Twelve times the largest model of the zoo with its optimiser state; larger files are no model of ours. */
    private static final long LARGEST = 1L << 30;

    private final Configuration configuration;

    public ModelFiles(Configuration configuration) {
        this.configuration = configuration;
    }

    public boolean exists(Path file) throws IOException {
        return fileSystem(file).exists(file);
    }

    /**
     * Reads a model.
     *
     * @throws FileNotFoundException if there is none
     * @throws InvalidModelException if it is damaged or no model
     */
    public Safetensors read(Path file) throws IOException {
        return Safetensors.parse(readBytes(file), file.toString());
    }

    /**
     * Reads a model file in any format.
     *
     * @throws FileNotFoundException if there is none
     * @throws InvalidModelException if it is larger than any model of the zoo
     */
    public byte[] readBytes(Path file) throws IOException {
        FileSystem fileSystem = fileSystem(file);
        FileStatus status = fileSystem.getFileStatus(file);
        if (status.getLen() > LARGEST) {
            throw new InvalidModelException("Cannot read the model " + file + ": it has " + status.getLen()
                    + " bytes, more than any model of the zoo");
        }
        byte[] bytes = new byte[(int) status.getLen()];
        try (FSDataInputStream in = fileSystem.open(file)) {
            in.readFully(0, bytes);
        }
        return bytes;
    }

    /** Publishes a model in one step, in place of an older one. */
    public void replace(Path file, Safetensors model) throws IOException {
        AtomicFiles.replace(fileSystem(file), file, model.toBytes());
    }

    /**
     * Publishes a model in any format in one step.
     *
     * @param replace whether in place of an older one
     * @throws FileAlreadyExistsException if there is an older one and it is to stay; it is unchanged
     */
    public void write(Path file, byte[] model, boolean replace) throws IOException {
        if (replace) {
            AtomicFiles.replace(fileSystem(file), file, model);
        } else {
            AtomicFiles.writeNew(fileSystem(file), file, model);
        }
    }

    /** On a local disk Hadoop keeps a checksum beside a file, whose own name can have no colon; there it has to do without. */
    private FileSystem fileSystem(Path file) throws IOException {
        FileSystem fileSystem = file.getFileSystem(configuration);
        return fileSystem instanceof LocalFileSystem local && file.getName().indexOf(':') >= 0
                ? local.getRaw()
                : fileSystem;
    }
}
