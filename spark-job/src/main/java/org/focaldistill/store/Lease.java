package org.focaldistill.store;

import com.fasterxml.jackson.annotation.JsonProperty;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.focaldistill.text.MachineName;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write to a results folder, held by one driver at a time, who renews it every few seconds. Another one takes
 * it over that has watched it for some periods without seeing it renewed, or at once if the holder was a process of this
 * host and user that is gone. A holder that could not renew, asleep or without its file system, finds out before it writes.
 */
public final class Lease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    private final LeaseFile file;
    private final Terms terms;
    private final Holder self;
    private final Consumer<String> onLoss;
    private final AtomicBoolean lost = new AtomicBoolean();
    private final ScheduledExecutorService renewer = Executors.newSingleThreadScheduledExecutor(Lease::daemon);

    private Lease(LeaseFile file, Terms terms, Holder self, Consumer<String> onLoss) {
        this.file = file;
        this.terms = terms;
        this.self = self;
        this.onLoss = onLoss;
    }

    /**
     * How a lease is kept.
     *
     * @param renewal from one renewal to the next
     * @param watch how long another driver sees none before it takes over
     * @param clock gives the stamps
     */
    record Terms(Duration renewal, Duration watch, Clock clock) {
        /**
         * A client of HDFS asks every 10 s at worst whether its name node is back, and holders of earlier versions renew
         * every 15 s.
         */
        static final Terms USUAL = new Terms(Duration.ofSeconds(5), Duration.ofSeconds(20), Clock.systemUTC());
    }

    /** Who holds a lease; {@code renewedAt} in milliseconds since 1970, by the clock of {@code host}. */
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

        static Holder ofThisProcess(Instant now) {
            return new Holder(
                    UUID.randomUUID().toString(),
                    MachineName.get(),
                    System.getProperty("user.name", "unknown"),
                    ProcessHandle.current().pid(),
                    now.toEpochMilli());
        }

        Holder renewed(Instant now) {
            return new Holder(id, host, user, pid, now.toEpochMilli());
        }

        /** Whether it was a process of this host that is gone. Those of other users may be hidden. */
        boolean isGone(Holder here) {
            return host.equals(here.host())
                    && user.equals(here.user())
                    && ProcessHandle.of(pid).isEmpty();
        }

        /**
         * Whether it is another process of this host; an earlier run of this one may have ended without giving it back. One
         * that began after the stamp has another one's number.
         */
        boolean isHere(Holder here) {
            return host.equals(here.host())
                    && pid != here.pid()
                    && ProcessHandle.of(pid)
                            .flatMap(process -> process.info().startInstant())
                            .filter(start -> start.toEpochMilli() <= renewedAt)
                            .isPresent();
        }

        /** For people. */
        String text() {
            return user + ", process " + pid + " on " + host;
        }
    }

    /**
     * Takes the lease of a folder. Where somebody has it, that takes as long as it takes to see whether they are alive.
     *
     * @param say told why that takes its time, and of whom the lease was taken over
     * @param onLoss told, in a sentence, when another driver took it over from this one
     * @throws TryAgainException if another driver holds it; the message names it
     * @throws IOException if the lease can not be read or written
     */
    public static Lease take(Configuration configuration, Path folder, Consumer<String> say, Consumer<String> onLoss)
            throws IOException {
        return take(configuration, folder, say, onLoss, Terms.USUAL);
    }

    static Lease take(
            Configuration configuration, Path folder, Consumer<String> say, Consumer<String> onLoss, Terms terms)
            throws IOException {
        Holder self = Holder.ofThisProcess(terms.clock().instant());
        Lease lease = new Lease(new LeaseFile(configuration, folder), terms, self, onLoss);
        lease.take(say);
        return lease;
    }

    /**
     * The driver that writes to a folder just now; null if none does. Takes nothing, and as long as it takes to see it
     * renew its lease or not.
     *
     * @param say told why that takes its time
     */
    public static @Nullable Holder holder(Configuration configuration, Path folder, Consumer<String> say)
            throws IOException {
        return holder(configuration, folder, say, Terms.USUAL);
    }

    static @Nullable Holder holder(Configuration configuration, Path folder, Consumer<String> say, Terms terms)
            throws IOException {
        Holder here = Holder.ofThisProcess(terms.clock().instant());
        LeaseWatch.Sight sight = new LeaseWatch(new LeaseFile(configuration, folder), here, terms.watch(), say).watch();
        return sight.alive() ? sight.holder() : null;
    }

    /** What tells this holder from all others. */
    public String id() {
        return self.id();
    }

    /** What this driver's tasks ask before they write. */
    public WritePermit permit() {
        return new WritePermit(file.folder().toString(), self.id());
    }

    /** So that a driver which dies on an exception ends, and with it its lease. */
    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "lease");
        thread.setDaemon(true);
        return thread;
    }

    private void take(Consumer<String> say) throws IOException {
        LeaseWatch watch = new LeaseWatch(file, self, terms.watch(), say);
        while (!file.create(self.renewed(terms.clock().instant()))) {
            LeaseWatch.Sight sight = watch.watch();
            if (sight.alive()) {
                throw refusal(Objects.requireNonNull(sight.holder()));
            }
            if (sight.holder() != null) {
                takeOver(sight.holder(), watch, say);
                break;
            }
        }
        long period = terms.renewal().toMillis();
        ScheduledFuture<?> unused = renewer.scheduleWithFixedDelay(this::renew, period, period, TimeUnit.MILLISECONDS);
    }

    private IOException refusal(Holder holder) {
        return new TryAgainException("Cannot write to " + file.folder() + ": " + holder.user() + " does, in process "
                + holder.pid() + " on " + holder.host()
                + ". Wait for it, stop it, or use another paths.results (for teachers,"
                + " paths.teachers).");
    }

    private void takeOver(Holder dead, LeaseWatch watch, Consumer<String> say) throws IOException {
        file.replace(self.renewed(terms.clock().instant()));
        // Of two that take over at once, the one whose file stands is the holder.
        watch.pause();
        Holder holder = file.read();
        if (holder == null || !holder.id().equals(self.id())) {
            throw new TryAgainException("Cannot write to " + file.folder() + ": another driver has just started to");
        }
        if (!dead.isGone(self)) {
            say.accept("Going on in place of " + dead.text() + ", which does not renew its lease of " + file.folder());
        }
    }

    /** Moves the stamp, unless the lease was taken over while this process slept. */
    void renew() {
        try {
            if (isHeld()) {
                file.replace(self.renewed(terms.clock().instant()));
            }
        } catch (IOException | RuntimeException | FSError e) {
            LOG.warn(
                    "Cannot renew the lease of {}, trying again in {} s: {}",
                    file.folder(),
                    terms.renewal().toSeconds(),
                    Words.reason(e));
            LOG.debug("Cannot renew the lease of {}", file.folder(), e);
        }
    }

    /**
     * Comes before a driver writes what another one may write too.
     *
     * @throws TryAgainException if another driver has taken over
     * @throws IOException if the lease can not be read
     */
    public void requireHeld() throws IOException {
        if (!isHeld()) {
            throw new TryAgainException(
                    file.folder() + " is another driver's by now; this one writes nothing more there");
        }
    }

    /** Whether nobody else has taken over; tells of it where somebody has. Who deleted the file has not. */
    private boolean isHeld() throws IOException {
        Holder holder = file.read();
        if (holder == null || holder.id().equals(self.id())) {
            return true;
        }
        renewer.shutdown();
        if (lost.compareAndSet(false, true)) {
            onLoss.accept(takenOver(file.folder(), holder) + " while this driver did not renew its lease");
        }
        return false;
    }

    static String takenOver(Object folder, Holder by) {
        return by.text() + ", has taken over " + folder;
    }

    /** Gives the folder back. */
    @Override
    public void close() throws IOException {
        renewer.shutdownNow();
        try {
            if (!renewer.awaitTermination(terms.watch().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            Holder holder = file.read();
            if (holder == null) {
                LOG.warn("The lease of {} was deleted by somebody else", file.folder());
            } else if (holder.id().equals(self.id())) {
                file.delete();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
