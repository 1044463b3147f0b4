package org.focaldistill.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a driver leaves beside its lease about its slots, for those who ask how it is going.
 *
 * @param driver whose lease it was
 * @param slots of its executors
 * @param kept executors and machines that get no work at the moment
 */
public record SlotsNote(
        @JsonProperty(required = true) String driver,
        @JsonProperty(required = true) int slots,
        @JsonProperty(required = true) List<Kept> kept) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String FILE = "_slots.json";

    public SlotsNote {
        kept = List.copyOf(kept);
    }

    /**
     * An executor or a machine that gets no work.
     *
     * @param place for people, for example {@code executor 3 on host-b}
     * @param untilMillis when it is tried again, in milliseconds since 1970; null if never
     */
    public record Kept(
            @JsonProperty(required = true) String place,
            @JsonProperty(required = true) String reason,
            @Nullable Long untilMillis) {}

    /** Replaces the note of a results folder. */
    public void write(Configuration configuration, Path results) throws IOException {
        AtomicFiles.replace(
                results.getFileSystem(configuration), new Path(results, FILE), JSON.writeValueAsBytes(this));
    }

    /** The note of the driver that holds the lease; null without one. */
    public static @Nullable SlotsNote of(Lease.@Nullable Holder driver, Configuration configuration, Path results)
            throws IOException {
        if (driver == null) {
            return null;
        }
        FileSystem files = results.getFileSystem(configuration);
        Path file = new Path(results, FILE);
        try (FSDataInputStream in = files.open(file)) {
            SlotsNote note = JSON.readValue(in.readAllBytes(), SlotsNote.class);
            return note.driver().equals(driver.id()) ? note : null;
        } catch (FileNotFoundException e) {
            return null;
        } catch (JsonProcessingException e) {
            throw new IOException("Cannot read " + file + ", delete it to go on without it: " + e.getOriginalMessage());
        }
    }
}
