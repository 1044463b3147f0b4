package org.focaldistill.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.focaldistill.sweep.SweepEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a driver does, as lines of JSON for programs that watch it: {@code at} (UTC), {@code event}, and the event's own
 * fields. Every run writes a file of its own to {@code events/}, named by its start, so nothing is ever appended to a
 * file that another process wrote, which not all file systems can. A line can be read as soon as it is written.
 *
 * <p>A sweep does not fail for its log: what can not be written is warned of, and the next event begins a new file.
 */
public final class EventLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private final Configuration configuration;
    private final Path folder;
    private final Clock clock;
    private @Nullable FSDataOutputStream out;
    private boolean failing;

    /** @param root the folder whose {@code events/} it writes; nothing is made before the first event */
    public EventLog(Configuration configuration, Path root) {
        this(configuration, root, Clock.systemUTC());
    }

    EventLog(Configuration configuration, Path root, Clock clock) {
        this.configuration = configuration;
        this.folder = new Path(root, "events");
        this.clock = clock;
    }

    /** Writes a line. */
    public synchronized void record(SweepEvent event) {
        Instant now = clock.instant();
        try {
            if (out == null) {
                out = create(now);
            }
            out.write(line(event, now));
            out.hflush();
            failing = false;
        } catch (IOException | FSError e) {
            if (!failing) {
                LOG.warn(
                        "Cannot write the event {} to {}, nor perhaps later ones: {}",
                        name(event),
                        folder,
                        DiskException.sentence(e));
            }
            failing = true;
            close();
        }
    }

    private FSDataOutputStream create(Instant now) throws IOException {
        FileSystem files = AtomicFiles.withoutChecksumFiles(folder.getFileSystem(configuration));
        // HDFS has no colons in names.
        String start = now.truncatedTo(ChronoUnit.SECONDS).toString().replace(':', '-');
        String run = UUID.randomUUID().toString().substring(0, 8);
        return files.create(new Path(folder, start + "-" + run + ".jsonl"), false);
    }

    private static byte[] line(SweepEvent event, Instant now) throws JsonProcessingException {
        ObjectNode line = JSON.createObjectNode();
        line.put("at", now.truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("event", name(event));
        line.setAll((ObjectNode) JSON.valueToTree(event));
        return (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** For example {@code trial_ended}. */
    private static String name(SweepEvent event) {
        return PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(
                event.getClass().getSimpleName());
    }

    @Override
    public synchronized void close() {
        if (out == null) {
            return;
        }
        try {
            out.close();
        } catch (IOException | FSError e) {
            if (!failing) {
                LOG.warn("Cannot close the event log in {}: {}", folder, DiskException.sentence(e));
            }
        }
        out = null;
    }
}
