package org.focaldistill.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** The file in a folder that says who writes there. */
final class LeaseFile {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final String NAME = "_lease.json";

    private final FileSystem fileSystem;
    private final Path file;

    LeaseFile(Configuration configuration, Path folder) throws IOException {
        this.fileSystem = folder.getFileSystem(configuration);
        this.file = new Path(folder, NAME);
    }

    Path folder() {
        return file.getParent();
    }

    /** Who it names; null if there is none. */
    Lease.@Nullable Holder read() throws IOException {
        try (FSDataInputStream in = fileSystem.open(file)) {
            Lease.Holder holder = JSON.readValue(in.readAllBytes(), Lease.Holder.class);
            if (holder == null) {
                throw unreadable("it names no holder");
            }
            return holder;
        } catch (FileNotFoundException e) {
            return null;
        } catch (JsonProcessingException e) {
            throw unreadable(e.getOriginalMessage());
        }
    }

    private IOException unreadable(String why) {
        return new IOException(
                "Cannot read the lease " + file + ", delete it if no sweep writes to " + folder() + ": " + why);
    }

    /** Makes the file; returns false if there is one, which stays. */
    boolean create(Lease.Holder holder) throws IOException {
        try {
            AtomicFiles.writeNew(fileSystem, file, bytes(holder));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    void replace(Lease.Holder holder) throws IOException {
        AtomicFiles.replace(fileSystem, file, bytes(holder));
    }

    void delete() throws IOException {
        fileSystem.delete(file, false);
    }

    private static byte[] bytes(Lease.Holder holder) {
        try {
            return JSON.writeValueAsBytes(holder);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A holder can always be written as JSON", e);
        }
    }
}
