package org.focaldistill.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.focaldistill.text.MachineName;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write to a results folder, held by one driver at a time. The holder renews it; one that was not renewed
 * for a minute, or whose holder was a process of this host that is gone, may be taken over.
 */
public final class Lease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final String FILE = "_lease.json";
    private static final Duration RENEWAL = Duration.ofSeconds(15);
    private static final Duration VALIDITY = Duration.ofSeconds(60);

    private final FileSystem fileSystem;
    private final Path file;
    private final Clock clock;
    private final Holder self;
    private final ScheduledExecutorService renewer = Executors.newSingleThreadScheduledExecutor(Lease::daemon);
    private final Runnable onLoss;

    private Lease(FileSystem fileSystem, Path file, Clock clock, Holder self, Runnable onLoss) {
        this.onLoss = onLoss;
        this.fileSystem = fileSystem;
        this.file = file;
        this.clock = clock;
        this.self = self;
    }

    /** Who holds a lease; {@code renewedAt} in milliseconds since 1970. */
    public record Holder(
            @JsonProperty(required = true) String id,
            @JsonProperty(required = true) String host,
            @JsonProperty(required = true) String user,
            @JsonProperty(required = true) long pid,
            @JsonProperty(required = true) long renewedAt) {
        public Holder {
            Objects.requireNonNull(id);
            Objects.requireNonNull(host);
            Objects.requireNonNull(user);
        }

        Holder renewed(Instant now) {
            return new Holder(id, host, user, pid, now.toEpochMilli());
        }

        boolean isGone(Instant now, String thisHost) {
            boolean expired = now.toEpochMilli() - renewedAt > VALIDITY.toMillis();
            boolean dead = host.equals(thisHost) && ProcessHandle.of(pid).isEmpty();
            return expired || dead;
        }
    }

    /**
     * Takes the lease of a folder.
     *
     * @param onLoss told when another driver took it over, while this one slept for more than a minute say
     * @throws IOException if another driver holds it; the message names it
     */
    public static Lease take(Configuration configuration, Path folder, Runnable onLoss) throws IOException {
        return take(configuration, folder, onLoss, Clock.systemUTC());
    }

    /** The driver that writes to a folder just now; null if none does. Takes nothing. */
    public static @Nullable Holder holder(Configuration configuration, Path folder) throws IOException {
        Lease reader = unowned(configuration, folder, () -> {}, Clock.systemUTC());
        try {
            Holder holder = reader.read();
            return holder.isGone(reader.clock.instant(), reader.self.host()) ? null : holder;
        } catch (FileNotFoundException e) {
            return null;
        } finally {
            reader.renewer.shutdown();
        }
    }

    static Lease take(Configuration configuration, Path folder, Runnable onLoss, Clock clock) throws IOException {
        Lease lease = unowned(configuration, folder, onLoss, clock);
        lease.take();
        return lease;
    }

    private static Lease unowned(Configuration configuration, Path folder, Runnable onLoss, Clock clock)
            throws IOException {
        FileSystem fileSystem = folder.getFileSystem(configuration);
        Path file = new Path(folder, FILE);
        Holder self = new Holder(
                UUID.randomUUID().toString(),
                MachineName.get(),
                System.getProperty("user.name", "unknown"),
                ProcessHandle.current().pid(),
                clock.millis());
        return new Lease(fileSystem, file, clock, self, onLoss);
    }

    /** What tells this holder from all others. */
    public String id() {
        return self.id();
    }

    /** So that a driver which dies on an exception ends, and with it its lease. */
    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "lease");
        thread.setDaemon(true);
        return thread;
    }

    private void take() throws IOException {
        try {
            AtomicFiles.writeNew(fileSystem, file, bytes(self));
        } catch (FileAlreadyExistsException e) {
            takeOver();
        }
        ScheduledFuture<?> unused =
                renewer.scheduleAtFixedRate(this::renew, RENEWAL.toSeconds(), RENEWAL.toSeconds(), TimeUnit.SECONDS);
    }

    private void takeOver() throws IOException {
        Holder holder = read();
        if (!holder.isGone(clock.instant(), self.host())) {
            throw new IOException(
                    "Cannot write to " + file.getParent() + ": " + holder.user() + " does, in process "
                            + holder.pid() + " on " + holder.host() + ", last seen "
                            + Instant.ofEpochMilli(holder.renewedAt())
                            + ". Wait for it, stop it, or use another paths.results; should it be dead, try again in a minute.");
        }
        AtomicFiles.replace(fileSystem, file, bytes(self));
        // Of two that take over at once, the one whose file stands is the holder.
        if (!read().id().equals(self.id())) {
            throw new IOException("Cannot write to " + file.getParent() + ": another driver has just started to");
        }
    }

    /** Puts the time forward, unless the lease was taken over while this process slept. */
    void renew() {
        try {
            if (isSomebodyElses()) {
                LOG.error("Another driver took over {} while this one did not renew it", file);
                renewer.shutdown();
                onLoss.run();
                return;
            }
            AtomicFiles.replace(fileSystem, file, bytes(self.renewed(clock.instant())));
        } catch (IOException | RuntimeException | FSError e) {
            LOG.warn("Cannot renew the lease {}, trying again in {} s: {}", file, RENEWAL.toSeconds(), Words.reason(e));
            LOG.debug("Cannot renew the lease {}", file, e);
        }
    }

    private boolean isSomebodyElses() throws IOException {
        try {
            return !read().id().equals(self.id());
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    private Holder read() throws IOException {
        try (FSDataInputStream in = fileSystem.open(file)) {
            Holder holder = JSON.readValue(in.readAllBytes(), Holder.class);
            if (holder == null) {
                throw unreadable("it names no holder");
            }
            return holder;
        } catch (JsonProcessingException e) {
            throw unreadable(e.getOriginalMessage());
        }
    }

    private IOException unreadable(String why) {
        return new IOException(
                "Cannot read the lease " + file + ", delete it if no sweep writes to " + file.getParent() + ": " + why);
    }

    private static byte[] bytes(Holder holder) {
        try {
            return JSON.writeValueAsBytes(holder);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A holder can always be written as JSON", e);
        }
    }

    /** Gives the folder back. */
    @Override
    public void close() throws IOException {
        renewer.shutdownNow();
        try {
            if (renewer.awaitTermination(RENEWAL.toSeconds(), TimeUnit.SECONDS)
                    && read().id().equals(self.id())) {
                fileSystem.delete(file, false);
            }
        } catch (FileNotFoundException e) {
            LOG.warn("The lease {} was deleted by somebody else", file);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
