package org.focaldistill.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.focaldistill.testing.FullDisk;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AtomicFilesTest {
    private static final int WRITERS = 4;

    private java.nio.file.Path folder;

    /** Hadoop's view of the same folder. */
    enum Kind {
        /** With Hadoop's checksum files. */
        LOCAL,
        RAW,
        /** Not a {@code file:} address, so renames go through Hadoop as they do on HDFS. */
        VIEW;

        FileSystem open(java.nio.file.Path folder) throws IOException {
            Configuration configuration = new Configuration();
            return switch (this) {
                case LOCAL -> FileSystem.getLocal(configuration);
                case RAW -> FileSystem.getLocal(configuration).getRawFileSystem();
                case VIEW -> {
                    configuration.set(
                            "fs.viewfs.mounttable.test.link./out",
                            folder.toUri().toString());
                    yield FileSystem.newInstance(URI.create("viewfs://test/"), configuration);
                }
            };
        }

        Path path(java.nio.file.Path folder, String name) {
            return this == VIEW
                    ? new Path("viewfs://test/out/" + name)
                    : new Path(folder.resolve(name).toString());
        }
    }

    @BeforeEach
    void useFolder(@TempDir java.nio.file.Path temp) {
        folder = temp;
    }

    @ParameterizedTest
    @EnumSource
    void aFullDiskIsAnExceptionThatSaysSoAndWhatWasThereStays(Kind kind) throws IOException {
        FileSystem fileSystem = kind.open(folder);
        Path target = kind.path(folder, "trial.json");
        AtomicFiles.writeNew(fileSystem, target, "one".getBytes(UTF_8));
        AtomicFiles.Content full = out -> {
            out.write(1);
            FullDisk.write();
        };

        assertThatThrownBy(() -> AtomicFiles.replace(fileSystem, target, full))
                .isInstanceOf(DiskException.class)
                .hasMessageContaining("trial.json: no space left on the disk: free some, then run the same command");

        assertThat(read(fileSystem, target)).isEqualTo("one");
        assertThat(names()).containsExactly("trial.json");
    }

    @ParameterizedTest
    @CsvSource({
        "Read-only file system, the disk is read-only",
        "Input/output error, the disk fails",
        "Disk quota exceeded, a quota is used up",
        "something else, something else"
    })
    void whatIsWrongWithADiskIsToldApart(String message, String said) throws IOException {
        FileSystem fileSystem = Kind.RAW.open(folder);
        assertThatThrownBy(() -> AtomicFiles.replace(fileSystem, Kind.RAW.path(folder, "trial.json"), out -> {
                    throw new IOException(message);
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @EnumSource
    void aNewFileReadsBackAndLeavesNothingElse(Kind kind) throws IOException {
        FileSystem fileSystem = kind.open(folder);
        Path target = kind.path(folder, "trial.json");

        AtomicFiles.writeNew(fileSystem, target, "one".getBytes(UTF_8));

        assertThat(read(fileSystem, target)).isEqualTo("one");
        assertThat(names()).containsExactly("trial.json");
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatExistsIsNotWrittenAsNew(Kind kind) throws IOException {
        FileSystem fileSystem = kind.open(folder);
        Path target = kind.path(folder, "trial.json");
        AtomicFiles.writeNew(fileSystem, target, "one".getBytes(UTF_8));

        assertThatThrownBy(() -> AtomicFiles.writeNew(fileSystem, target, "two".getBytes(UTF_8)))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("trial.json");
        assertThat(read(fileSystem, target)).isEqualTo("one");
        assertThat(names()).containsExactly("trial.json");
    }

    @ParameterizedTest
    @EnumSource
    void replaceOverwrites(Kind kind) throws IOException {
        FileSystem fileSystem = kind.open(folder);
        Path target = kind.path(folder, "deep/lease.json");

        AtomicFiles.replace(fileSystem, target, "one".getBytes(UTF_8));
        AtomicFiles.replace(fileSystem, target, "two, and longer".getBytes(UTF_8));

        assertThat(read(fileSystem, target)).isEqualTo("two, and longer");
    }

    @ParameterizedTest
    @EnumSource
    void replaceSurvivesTheChecksumFileOfWhatWasThere(Kind kind) throws IOException {
        FileSystem fileSystem = kind.open(folder);
        Path target = kind.path(folder, "lease.json");
        try (var out = fileSystem.create(target)) {
            out.write("one".getBytes(UTF_8));
        }

        AtomicFiles.replace(fileSystem, target, "two".getBytes(UTF_8));

        assertThat(read(fileSystem, target)).isEqualTo("two");
    }

    @ParameterizedTest
    @EnumSource
    void aWriterThatFailsLeavesNothing(Kind kind) throws IOException {
        FileSystem fileSystem = kind.open(folder);
        Path target = kind.path(folder, "trial.json");

        assertThatThrownBy(() -> AtomicFiles.writeNew(fileSystem, target, out -> {
                    out.write(1);
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
        assertThat(names()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void contentMayCloseItsStream(Kind kind) throws IOException {
        FileSystem fileSystem = kind.open(folder);
        Path target = kind.path(folder, "trial.json");

        AtomicFiles.writeNew(fileSystem, target, out -> {
            out.write("one".getBytes(UTF_8));
            out.close();
        });

        assertThat(read(fileSystem, target)).isEqualTo("one");
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "RAW"})
    void ofSeveralWritersAtOnceExactlyOneWins(Kind kind) throws Exception {
        FileSystem fileSystem = kind.open(folder);
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            for (int round = 0; round < 50; round++) {
                Path target = kind.path(folder, "trial-" + round);
                assertThat(winners(fileSystem, target, threads)).containsExactly(read(fileSystem, target));
            }
        } finally {
            threads.shutdown();
        }
        assertThat(names()).hasSize(50).allMatch(name -> name.startsWith("trial-"));
    }

    /** What the writers wrote that were not refused. */
    private static List<String> winners(FileSystem fileSystem, Path target, ExecutorService threads) throws Exception {
        CyclicBarrier start = new CyclicBarrier(WRITERS);
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            byte[] content = ("writer " + i).getBytes(UTF_8);
            writers.add(() -> {
                start.await();
                try {
                    AtomicFiles.writeNew(fileSystem, target, content);
                    return true;
                } catch (FileAlreadyExistsException e) {
                    return false;
                }
            });
        }
        List<String> winners = new ArrayList<>();
        List<Future<Boolean>> ends = threads.invokeAll(writers);
        for (int i = 0; i < WRITERS; i++) {
            if (ends.get(i).get()) {
                winners.add("writer " + i);
            }
        }
        return winners;
    }

    @ParameterizedTest
    @EnumSource
    void aFolderMovesToAFreeOrEmptyNameOnly(Kind kind) throws IOException {
        FileSystem fileSystem = AtomicFiles.withoutChecksumFiles(kind.open(folder));
        Path target = fileSystem.makeQualified(kind.path(folder, "data"));
        fileSystem.mkdirs(target);
        Path first = folderWithFile(fileSystem, kind, "first");
        Path second = folderWithFile(fileSystem, kind, "second");

        AtomicFiles.moveFolder(fileSystem, first, target);

        assertThatThrownBy(() -> AtomicFiles.moveFolder(fileSystem, second, target))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(folder.resolve("data").resolve("first")).exists();
        assertThat(names()).containsExactlyInAnyOrder("data", ".second.tmp");
    }

    private Path folderWithFile(FileSystem fileSystem, Kind kind, String name) throws IOException {
        Path made = fileSystem.makeQualified(kind.path(folder, "." + name + ".tmp"));
        AtomicFiles.writeNew(fileSystem, new Path(made, name), new byte[1]);
        return made;
    }

    private static String read(FileSystem fileSystem, Path file) throws IOException {
        try (FSDataInputStream in = fileSystem.open(file)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    /** Names in the folder, but for the checksum files that Hadoop itself moves along behind a view. */
    private List<String> names() throws IOException {
        try (Stream<java.nio.file.Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(".trial.json.crc"))
                    .toList();
        }
    }
}
