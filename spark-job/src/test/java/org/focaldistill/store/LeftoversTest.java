package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.data.GeneratedImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeftoversTest {
    private static final Configuration HADOOP = new Configuration();
    private static final Duration WHILE = Duration.ofMillis(400);

    @TempDir
    private Path folder;

    /** A commit that never ends: writes a file's first bytes, says so and waits to be killed. */
    static final class Commit {
        private Commit() {}

        public static void main(String[] target) throws IOException {
            org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(target[0]);
            AtomicFiles.writeNew(file.getFileSystem(HADOOP), file, out -> {
                out.write("half of ".getBytes(StandardCharsets.UTF_8));
                System.out.println("begun");
                try {
                    Thread.sleep(600_000);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            });
        }
    }

    @Test
    void what_a_killed_commit_leaves_is_deleted_by_the_next_run_and_not_while_it_is_at_work() throws Exception {
        Path trials = Files.createDirectories(folder.resolve("trials"));
        Files.writeString(trials.resolve("feed.parquet"), "a row");
        Process commit = begin(trials.resolve("beef.parquet"));
        try (Leftovers leftovers = sweep(WHILE)) {
            assertThat(leftovers).isNotNull();
            Thread.sleep(WHILE.multipliedBy(3).toMillis());
            assertThat(names(trials)).hasSize(2);
        }
        commit.destroyForcibly().waitFor();
        assertThat(names(trials)).hasSize(2);
        try (Leftovers leftovers = sweep(Duration.ofHours(1))) {
            assertThat(leftovers).isNotNull();
            await(trials, 1);
        }
        assertThat(names(trials)).containsExactly("feed.parquet");
    }

    private static Process begin(Path target) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process commit = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), Commit.class.getName(), target.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(commit.inputReader().lines().anyMatch("begun"::equals)).isTrue();
        return commit;
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-72H", "PT72H"})
    void what_another_machine_wrote_is_deleted_if_it_does_not_change_whatever_the_clocks_say(Duration ahead)
            throws Exception {
        Path checkpoints = Files.createDirectories(folder.resolve("checkpoints/beef"));
        Path dead = temporary(checkpoints, "epoch-00001.safetensors", ".17-0badcafe");
        Path earlierVersion = temporary(checkpoints, "epoch-00002.safetensors", "");
        Path alive = temporary(checkpoints, "epoch-00003.safetensors", ".18-0badcafe");
        for (Path file : List.of(dead, earlierVersion, alive)) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(ahead)));
        }
        try (Leftovers leftovers = sweep(WHILE)) {
            assertThat(leftovers).isNotNull();
            Thread.sleep(WHILE.toMillis() / 2);
            assertThat(names(checkpoints)).hasSize(3);
            Files.writeString(alive, "more of it");
            await(checkpoints, 1);
            Thread.sleep(WHILE.toMillis());
        }
        assertThat(alive).exists();
    }

    @Test
    void what_is_named_otherwise_is_left_alone() throws Exception {
        String uuid = UUID.randomUUID().toString();
        List<String> others = List.of(
                "feed.parquet",
                ".feed.parquet",
                ".feed.parquet.1234.tmp",
                "feed." + uuid + ".tmp",
                ".feed.parquet." + uuid + ".tmp.mine",
                "." + uuid + ".tmp");
        for (String other : others) {
            Files.writeString(folder.resolve(other), "somebody's");
        }
        Path ours = temporary(folder, "feed.parquet", "");
        try (Leftovers leftovers = sweep(Duration.ofMillis(1))) {
            assertThat(leftovers).isNotNull();
            await(folder, others.size());
        }
        assertThat(ours).doesNotExist();
        assertThat(names(folder)).containsExactlyInAnyOrderElementsOf(others);
    }

    @Test
    void images_that_a_killed_process_was_preparing_are_deleted_when_they_are_prepared() throws Exception {
        Path half = folder.resolve(Path.of(TemporaryName.of("data")
                .replace("." + ProcessHandle.current().pid() + "-", "." + endedProcess() + "-")));
        Files.writeString(Files.createDirectories(half).resolve("train-00000.parquet"), "half of it");
        Path ours = Files.createDirectories(folder.resolve(TemporaryName.of("data")));
        new ShardStore(HADOOP, new org.apache.hadoop.fs.Path(folder.toString(), "data"))
                .write(GeneratedImages.generate(4, 2, 1), 4);
        assertThat(half).doesNotExist();
        assertThat(ours).exists();
    }

    @Test
    void a_folder_that_is_missing_has_nothing_left_in_it() throws Exception {
        Path there = Files.createDirectories(folder.resolve("there"));
        temporary(there, "feed.parquet", "");
        List<org.apache.hadoop.fs.Path> folders = Stream.of("missing", "there")
                .map(name -> new org.apache.hadoop.fs.Path(folder.toString(), name))
                .toList();
        try (Leftovers leftovers = Leftovers.sweep(HADOOP, folders, Duration.ofMillis(1))) {
            assertThat(leftovers).isNotNull();
            await(there, 0);
        }
    }

    private static long endedProcess() throws Exception {
        Process process = new ProcessBuilder("true").start();
        assertThat(process.waitFor()).isZero();
        return process.pid();
    }

    private Leftovers sweep(Duration unchanged) {
        return Leftovers.sweep(HADOOP, List.of(new org.apache.hadoop.fs.Path(folder.toUri())), unchanged);
    }

    private static Path temporary(Path folder, String target, String writer) throws IOException {
        Path file = folder.resolve("." + target + "." + UUID.randomUUID() + writer + ".tmp");
        return Files.writeString(file, "half of it");
    }

    private static void await(Path folder, int files) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (names(folder).size() > files && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        assertThat(names(folder)).hasSize(files);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
