package org.focaldistill.cuda.driver;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A driver for a machine without a card, built by g++ of the kernels themselves, which it really runs. Where there is no g++ the
 * tests that need it are skipped, unless FOCALDISTILL_CXX names one.
 */
public final class StandIn {
    private static final Path MODULE = Path.of(System.getProperty("basedir", ""));
    private static final Path KERNELS = MODULE.resolve("src/main/cuda");
    private static final Path OURS = MODULE.resolve("src/test/cuda");
    private static final String LIBRARY = "libcuda.so.1";
    /** For this machine, whose own instructions fmaf is then one of, but with no others made of products and sums that are apart. */
    private static final List<String> OPTIONS = List.of(
            "-std=c++17",
            "-O2",
            "-march=native",
            "-ffp-contract=off",
            "-g",
            "-fPIC",
            "-U_FORTIFY_SOURCE",
            "-Wall",
            "-Wno-unknown-pragmas");

    private static @Nullable Path built;

    private StandIn() {}

    /** Opens the card that it stands in for; other tests in this process find no driver as before. */
    public static Card card() throws NoCardException {
        return Card.open(driver(), 0);
    }

    /** Its library, for other processes. */
    public static Path library() {
        return folder().resolve(LIBRARY);
    }

    /** By a name of its own: JNA would find a library that it has loaded by the name of its file. */
    static Driver driver() throws NoCardException {
        Path own = folder().resolve("stand-in.so");
        try {
            Files.createSymbolicLink(own, Path.of(LIBRARY));
        } catch (FileAlreadyExistsException e) {
            // From an earlier test.
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return Driver.load(own.toString());
    }

    private static synchronized Path folder() {
        Path folder = built;
        if (folder == null) {
            folder = build();
            built = folder;
        }
        return folder;
    }

    private static Path build() {
        String compiler = compiler();
        try {
            List<Path> sources = sources();
            DigestUtils sha256 = new DigestUtils("SHA-256");
            StringBuilder hashes = new StringBuilder(String.join(" ", OPTIONS));
            hashes.append(run(List.of(compiler, "-march=native", "-dM", "-E", "-x", "c++", "/dev/null")));
            for (Path source : sources) {
                hashes.append(source.getFileName()).append(sha256.digestAsHex(source));
            }
            Path folder = MODULE.resolve("target/stand-in").resolve(sha256.digestAsHex(hashes.toString()));
            Files.createDirectories(folder);
            // The tests of another process may be at it.
            try (FileChannel file = FileChannel.open(folder.resolve("lock"), CREATE, WRITE);
                    FileLock lock = file.lock()) {
                if (!Files.exists(folder.resolve(LIBRARY))) {
                    compile(compiler, sources, folder);
                }
                lock.release();
            }
            return folder.toAbsolutePath();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String compiler() {
        String named = System.getenv("FOCALDISTILL_CXX");
        if (named != null) {
            return named;
        }
        String found = onPath("g++");
        Assumptions.assumeTrue(found != null, "There is no g++ to build the stand-in for a card's driver");
        return Objects.requireNonNull(found);
    }

    /** A program of this machine, or null. */
    public static @Nullable String onPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(null);
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Path folder : List.of(KERNELS, OURS)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().matches(".*\\.(cu|cuh|h|cpp)"))
                        .forEach(sources::add);
            }
        }
        Collections.sort(sources);
        return sources;
    }

    private static void compile(String compiler, List<Path> sources, Path folder) throws IOException {
        Path library = Files.createTempFile(folder, "building", ".so");
        List<String> command = new ArrayList<>(List.of(compiler, "-shared", "-x", "c++"));
        command.addAll(OPTIONS);
        command.addAll(List.of("-include", OURS.resolve("stand_in.h").toString()));
        sources.stream()
                .map(Path::toString)
                .filter(source -> source.endsWith(".cu") || source.endsWith(".cpp"))
                .forEach(command::add);
        command.addAll(List.of("-o", library.toString()));
        run(command);
        Files.move(library, folder.resolve(LIBRARY), StandardCopyOption.ATOMIC_MOVE);
    }

    /** What a command prints; it must end well. */
    static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES))
                    .as("%s ends", command)
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(process.exitValue()).as("%s: %s", command, output).isZero();
        return output;
    }
}
