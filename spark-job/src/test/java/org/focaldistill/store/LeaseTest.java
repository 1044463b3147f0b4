package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private java.nio.file.Path folder;

    @Test
    void it_is_a_file_while_it_is_held_and_gone_when_closed() throws IOException {
        try (Lease lease = take(NOON)) {
            assertThat(lease).isNotNull();
            assertThat(file()).exists();
        }
        assertThat(file()).doesNotExist();
        take(NOON).close();
    }

    @Test
    void a_second_driver_is_refused_with_the_holders_user_process_and_host() throws IOException {
        try (Lease lease = take(NOON)) {
            assertThat(lease).isNotNull();
            assertThatThrownBy(() -> take(NOON.plusSeconds(59)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Cannot write to file:" + folder + ": ")
                    .hasMessageContaining(System.getProperty("user.name") + " does, in process "
                            + ProcessHandle.current().pid() + " on " + thisHost())
                    .hasMessageContaining("last seen 2026-03-01T12:00:00Z");
            assertThat(file()).exists();
        }
    }

    @Test
    void the_time_now_is_the_real_one() throws IOException {
        long before = System.currentTimeMillis();
        try (Lease lease = Lease.take(new Configuration(), new Path(folder.toUri()), () -> {})) {
            assertThat(lease).isNotNull();
            String renewedAt = Files.readString(file()).replaceAll(".*\"renewedAt\":(\\d+).*", "$1");
            assertThat(Long.parseLong(renewedAt)).isBetween(before, System.currentTimeMillis());
        }
    }

    @ParameterizedTest
    @CsvSource({"60, false", "61, true"})
    void a_holder_elsewhere_that_did_not_renew_for_a_minute_is_taken_over(int seconds, boolean taken)
            throws IOException {
        write(holder("far-away", 1, NOON));
        if (taken) {
            try (Lease lease = take(NOON.plusSeconds(seconds))) {
                assertThat(lease).isNotNull();
                assertThat(Files.readString(file())).contains(thisHost());
            }
        } else {
            assertThatThrownBy(() -> take(NOON.plusSeconds(seconds)))
                    .hasMessageContaining("ada does, in process 1 on far-away");
        }
    }

    @Test
    void a_holder_whose_process_on_this_host_has_ended_is_taken_over() throws Exception {
        write(holder(thisHost(), endedProcess(), NOON));
        try (Lease lease = take(NOON)) {
            assertThat(lease).isNotNull();
            assertThat(Files.readString(file())).doesNotContain("ada");
        }
    }

    @Test
    void a_process_number_means_nothing_on_another_host() throws Exception {
        write(holder("far-away", endedProcess(), NOON));
        assertThatThrownBy(() -> take(NOON)).hasMessageContaining("ada does");
    }

    @Test
    void closing_does_not_delete_what_somebody_else_took_over() throws IOException {
        Lease overtaken = take(NOON);
        Lease successor = take(NOON.plus(Duration.ofMinutes(2)));
        String successors = Files.readString(file());
        overtaken.close();
        assertThat(file()).hasContent(successors);
        successor.close();
        assertThat(file()).doesNotExist();
    }

    @Test
    void renewing_moves_the_time_on() throws IOException {
        MovableClock clock = new MovableClock();
        try (Lease lease = Lease.take(new Configuration(), new Path(folder.toUri()), () -> {}, clock)) {
            clock.now = NOON.plusSeconds(50);
            lease.renew();
            assertThatThrownBy(() -> take(NOON.plusSeconds(100)))
                    .hasMessageContaining("last seen 2026-03-01T12:00:50Z");
        }
    }

    @Test
    void a_holder_that_was_taken_over_while_it_slept_does_not_take_it_back() throws IOException {
        MovableClock clock = new MovableClock();
        AtomicBoolean told = new AtomicBoolean();
        Lease sleeper = Lease.take(new Configuration(), new Path(folder.toUri()), () -> told.set(true), clock);
        try (Lease successor = take(NOON.plus(Duration.ofMinutes(2)))) {
            assertThat(successor).isNotNull();
            String successors = Files.readString(file());
            clock.now = NOON.plus(Duration.ofMinutes(3));
            sleeper.renew();
            assertThat(told).isTrue();
            assertThat(file()).hasContent(successors);
            sleeper.close();
            assertThat(file()).hasContent(successors);
        }
    }

    @Test
    void closing_when_the_file_is_gone_is_no_error() throws IOException {
        Lease lease = take(NOON);
        Files.delete(file());
        lease.close();
        assertThat(file()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "[]", "null", "{}", "{\"id\":\"x\"}", "{\"id\":1,\"colour\":\"red\"}"})
    void a_file_that_is_no_lease_is_an_error_that_says_what_to_do(String content) throws IOException {
        write(content);
        assertThatThrownBy(() -> take(NOON))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(
                        "Cannot read the lease " + new Path(file().toUri()) + ", delete it if no sweep writes to ");
        assertThat(file()).hasContent(content);
    }

    private Lease take(Instant now) throws IOException {
        return Lease.take(new Configuration(), new Path(folder.toUri()), () -> {}, Clock.fixed(now, ZoneOffset.UTC));
    }

    private java.nio.file.Path file() {
        return folder.resolve("_lease.json");
    }

    private void write(String content) throws IOException {
        Files.writeString(file(), content);
    }

    private static String holder(String host, long pid, Instant renewedAt) {
        return "{\"id\":\"x\",\"host\":\"" + host + "\",\"user\":\"ada\",\"pid\":" + pid + ",\"renewedAt\":"
                + renewedAt.toEpochMilli() + "}";
    }

    private static String thisHost() throws IOException {
        return InetAddress.getLocalHost().getHostName();
    }

    private static long endedProcess() throws Exception {
        Process process = new ProcessBuilder(
                        java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString(),
                        "-version")
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        return process.pid();
    }

    private static final class MovableClock extends Clock {
        private Instant now = NOON;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
