package org.focaldistill.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the driver of a results folder leaves beside its lease for those who ask from elsewhere how it is going.
 *
 * @param <T> what it says; names the driver whose word it is
 */
public final class DriverNote<T> {
    private static final Logger LOG = LoggerFactory.getLogger(DriverNote.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final FileSystem files;
    private final Path file;
    private final Class<T> type;

    private DriverNote(Configuration configuration, Path results, String name, Class<T> type) throws IOException {
        this.files = AtomicFiles.withoutChecksumFiles(results.getFileSystem(configuration));
        this.file = new Path(results, name);
        this.type = type;
    }

    /** @param results a results folder, which need not exist yet */
    public static DriverNote<RunProgress> ofProgress(Configuration configuration, Path results) throws IOException {
        return new DriverNote<>(configuration, results, "_progress.json", RunProgress.class);
    }

    /** @param results a results folder, which need not exist yet */
    public static DriverNote<RunSlots> ofSlots(Configuration configuration, Path results) throws IOException {
        return new DriverNote<>(configuration, results, "_slots.json", RunSlots.class);
    }

    /**
     * Replaces what was said before.
     *
     * @throws IOException if another driver has taken the folder over, or it can not be written
     */
    public void write(T said, Lease lease) throws IOException {
        lease.requireHeld();
        AtomicFiles.replace(files, file, JSON.writeValueAsBytes(said));
    }

    /** What was said last; null if that is nothing, or nothing of this version's. */
    public @Nullable T read() throws IOException {
        try (FSDataInputStream in = files.open(file)) {
            return JSON.readValue(in.readAllBytes(), type);
        } catch (FileNotFoundException e) {
            return null;
        } catch (JsonProcessingException e) {
            LOG.debug("Passing over {}: {}", file, Words.reason(e));
            return null;
        }
    }
}
