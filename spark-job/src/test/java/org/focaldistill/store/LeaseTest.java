package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseTest {
    private static final Configuration HADOOP = new Configuration();
    private static final Duration RENEWAL = Duration.ofMillis(100);
    private static final Duration WATCH = Duration.ofMillis(800);
    /** Whose looks are further apart than a busy machine lets a thread wait. */
    private static final Duration LONG_WATCH = Duration.ofSeconds(5);

    private static final String HERE = System.getProperty("user.name");

    @TempDir
    private java.nio.file.Path folder;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private final List<String> losses = Collections.synchronizedList(new ArrayList<>());

    @Test
    void it_is_a_file_while_it_is_held_and_gone_when_closed() throws IOException {
        try (Lease lease = take()) {
            assertThat(lease).isNotNull();
            assertThat(file()).exists();
        }
        assertThat(file()).doesNotExist();
        take().close();
    }

    @Test
    void the_usual_lease_is_renewed_several_times_while_another_driver_watches_it() {
        Lease.Terms usual = Lease.Terms.USUAL;
        assertThat(usual.watch()).isGreaterThanOrEqualTo(usual.renewal().multipliedBy(3));
        assertThat(usual.watch()).isLessThanOrEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void a_second_driver_on_the_same_machine_is_refused_at_once_with_the_holders_user_process_and_host()
            throws Exception {
        Process driver = new ProcessBuilder("sleep", "60").start();
        try {
            String lease = holder(thisHost(), "ada", driver.pid(), Instant.now());
            write(lease);
            long start = System.nanoTime();
            assertThatThrownBy(() -> Lease.take(HADOOP, hadoopFolder(), said::add, losses::add))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Cannot write to file:" + folder + ": ")
                    .hasMessageContaining("ada does, in process " + driver.pid() + " on " + thisHost());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            assertThat(file()).hasContent(lease);
            assertThat(said).isEmpty();
        } finally {
            driver.destroyForcibly();
        }
    }

    @Test
    void a_second_run_of_the_same_process_is_refused_while_the_first_renews_and_no_longer() throws Exception {
        try (Lease lease = take()) {
            assertThat(lease).isNotNull();
            assertThatThrownBy(this::take)
                    .hasMessageContaining(HERE + " does, in process "
                            + ProcessHandle.current().pid() + " on " + thisHost());
        }
        Lease unrenewed = asleep();
        try (Lease lease = take()) {
            assertThat(Files.readString(file())).contains(lease.id());
        }
        unrenewed.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-72H", "PT72H"})
    void a_holder_elsewhere_whose_stamp_moves_keeps_its_lease_however_its_clock_goes(Duration ahead) throws Exception {
        FarAway holder = new FarAway(ahead);
        try (holder) {
            assertThatThrownBy(this::take)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ada does, in process 1 on far-away");
            assertThat(Lease.holder(HADOOP, hadoopFolder(), said::add, terms(Clock.systemUTC(), WATCH)))
                    .satisfies(found -> assertThat(found.host()).isEqualTo("far-away"));
        }
        assertThat(Files.readString(file())).contains("ada");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-72H", "PT72H"})
    void a_holder_elsewhere_whose_stamp_stands_still_is_taken_over_however_its_clock_went(Duration ahead)
            throws Exception {
        write(holder("far-away", "ada", 1, Instant.now().plus(ahead)));
        // Nor does the file system's clock decide.
        Files.setLastModifiedTime(file(), FileTime.from(Instant.now().plus(ahead)));
        assertThat(Lease.holder(HADOOP, hadoopFolder(), said::add, terms(Clock.systemUTC(), WATCH)))
                .isNull();
        said.clear();
        long start = System.nanoTime();
        try (Lease lease = take()) {
            assertThat(lease).isNotNull();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(WATCH);
            assertThat(Files.readString(file())).contains(thisHost());
        }
        assertThat(said).hasSize(2);
        assertThat(said.get(0))
                .contains(folder + " is held by ada, process 1 on far-away; watching whether it is alive, for up to ");
        assertThat(said.get(1)).contains("Going on in place of ada, process 1 on far-away");
    }

    @Test
    void a_lease_that_is_given_back_while_it_is_watched_is_taken() throws Exception {
        write(holder("far-away", "ada", 1, Instant.now()));
        CompletableFuture<Void> givenBack = CompletableFuture.runAsync(this::deleteSoon);
        try (Lease lease = take()) {
            givenBack.get();
            assertThat(Files.readString(file())).contains(lease.id());
        }
    }

    private void deleteSoon() {
        try {
            Thread.sleep(WATCH.toMillis() / 4);
            Files.delete(file());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void of_several_that_watch_a_dead_holder_at_once_one_takes_over() throws Exception {
        write(holder("far-away", "ada", 1, Instant.now()));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Lease> taken = new ArrayList<>();
            for (Future<Lease> driver : threads.invokeAll(
                    Collections.<Callable<Lease>>nCopies(4, () -> take(Clock.systemUTC(), LONG_WATCH)))) {
                try {
                    taken.add(driver.get());
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(IOException.class).hasMessageContaining("Cannot write to");
                }
            }
            assertThat(taken).hasSize(1);
            taken.get(0).close();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_holder_whose_process_on_this_machine_has_ended_is_taken_over_at_once() throws Exception {
        write(holder(thisHost(), HERE, endedProcess(), Instant.now()));
        assertThat(Lease.holder(HADOOP, hadoopFolder(), said::add)).isNull();
        take().close();
        assertThat(said).isEmpty();
    }

    @Test
    void a_process_number_that_another_process_has_by_now_is_watched_like_others() throws Exception {
        Process later = new ProcessBuilder("sleep", "60").start();
        try {
            write(holder(thisHost(), HERE, later.pid(), Instant.now().minus(Duration.ofDays(1))));
            take().close();
        } finally {
            later.destroyForcibly();
        }
        assertThat(said).hasSize(2);
    }

    @Test
    void a_process_number_says_nothing_where_it_is_of_another_machine_or_may_be_hidden() throws Exception {
        for (String holder : List.of(
                holder("far-away", HERE, endedProcess(), Instant.now()),
                holder(thisHost(), "ada", endedProcess(), Instant.now()))) {
            said.clear();
            write(holder);
            take().close();
            assertThat(said).hasSize(2);
        }
    }

    @Test
    void a_holder_that_was_taken_over_while_it_slept_finds_out_before_it_writes_and_does_not_take_it_back()
            throws Exception {
        Lease sleeper = asleep();
        sleeper.requireHeld();
        WritePermit permit = sleeper.permit();
        permit.requireValid(HADOOP);
        write(holder("far-away", "ada", 1, Instant.now()));

        assertThatThrownBy(() -> permit.requireValid(HADOOP))
                .isInstanceOf(TryAgainException.class)
                .hasMessageContaining("ada, process 1 on far-away, has taken over file:" + folder);
        assertThat(losses).isEmpty();
        assertThatThrownBy(sleeper::requireHeld).isInstanceOf(TryAgainException.class);
        sleeper.renew();
        assertThat(losses).singleElement().asString().contains("ada, process 1 on far-away, has taken over");
        sleeper.close();
        assertThat(Files.readString(file())).contains("ada");
    }

    @Test
    void renewing_finds_out_too() throws Exception {
        try (Lease lease = take()) {
            assertThat(lease).isNotNull();
            write(holder("far-away", "ada", 1, Instant.now()));
            for (int i = 0; losses.isEmpty() && i < 100; i++) {
                Thread.sleep(RENEWAL.toMillis());
            }
            assertThat(losses).hasSize(1);
        }
        assertThat(Files.readString(file())).contains("ada");
    }

    @Test
    void a_lease_that_somebody_deleted_is_still_held_and_written_anew() throws IOException {
        try (Lease lease = asleep()) {
            Files.delete(file());
            lease.requireHeld();
            lease.permit().requireValid(HADOOP);
            lease.renew();
            assertThat(Files.readString(file())).contains(lease.id());
        }
        assertThat(losses).isEmpty();
    }

    @Test
    void closing_when_the_file_is_gone_is_no_error() throws IOException {
        Lease lease = asleep();
        Files.delete(file());
        lease.close();
        assertThat(file()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "[]", "null", "{}", "{\"id\":\"x\"}", "{\"id\":1,\"colour\":\"red\"}"})
    void a_file_that_is_no_lease_is_an_error_that_says_what_to_do(String content) throws IOException {
        write(content);
        assertThatThrownBy(this::take)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(
                        "Cannot read the lease " + new Path(file().toUri()) + ", delete it if no sweep writes to ");
        assertThat(file()).hasContent(content);
    }

    private Lease take() throws IOException {
        return take(Clock.systemUTC(), WATCH);
    }

    private Lease take(Clock clock, Duration watch) throws IOException {
        return Lease.take(HADOOP, hadoopFolder(), said::add, losses::add, terms(clock, watch));
    }

    /** Does not renew by itself. */
    private Lease asleep() throws IOException {
        Lease.Terms terms = new Lease.Terms(Duration.ofHours(1), WATCH, Clock.systemUTC());
        return Lease.take(HADOOP, hadoopFolder(), said::add, losses::add, terms);
    }

    private static Lease.Terms terms(Clock clock, Duration watch) {
        return new Lease.Terms(RENEWAL, watch, clock);
    }

    private Path hadoopFolder() {
        return new Path(folder.toUri());
    }

    private java.nio.file.Path file() {
        return folder.resolve("_lease.json");
    }

    /** As the holder writes it: whole. */
    private void write(String content) throws IOException {
        java.nio.file.Path fresh = folder.resolve(".fresh");
        Files.writeString(fresh, content);
        Files.move(fresh, file(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private static String holder(String host, String user, long pid, Instant renewedAt) {
        return "{\"id\":\"x\",\"host\":\"" + host + "\",\"user\":\"" + user + "\",\"pid\":" + pid + ",\"renewedAt\":"
                + renewedAt.toEpochMilli() + "}";
    }

    private static String thisHost() throws IOException {
        return InetAddress.getLocalHost().getHostName();
    }

    private static long endedProcess() throws Exception {
        Process process = new ProcessBuilder("true").start();
        assertThat(process.waitFor()).isZero();
        return process.pid();
    }

    /** A driver on another machine, which renews its lease. */
    private final class FarAway implements AutoCloseable {
        private final Thread renewer;
        private final Duration ahead;

        FarAway(Duration ahead) throws IOException {
            this.ahead = ahead;
            renew();
            renewer = new Thread(this::run);
            renewer.start();
        }

        private void renew() throws IOException {
            write(holder("far-away", "ada", 1, Instant.now().plus(ahead)));
        }

        private void run() {
            try {
                while (true) {
                    Thread.sleep(RENEWAL.toMillis());
                    renew();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws InterruptedException {
            renewer.interrupt();
            renewer.join();
        }
    }
}
