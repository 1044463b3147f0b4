package org.focaldistill.nn.backend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where JavaCPP unpacks native libraries, looked at before it does, as what it throws does not say what is wrong. Loads
 * nothing.
 */
public final class NativeFolder {
    private static final Path MOUNTS = Path.of("/proc/self/mounts");
    private static final long MEBIBYTE = 1 << 20;
    /** What all of them take, rounded up: where they are unpacked already, a disk may be full. */
    private static final long NEEDED = 454 * MEBIBYTE;

    private static final String REMEDY = ". Give them another folder: FOCALDISTILL_NATIVES=FOLDER, on a cluster --conf"
            + " spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.cachedir=FOLDER";

    private NativeFolder() {}

    /** Why native libraries can not be unpacked and loaded here, with what to do; null if nothing is in the way. */
    public static @Nullable String problem() {
        List<Path> candidates = candidates();
        for (Path folder : candidates) {
            if (isUsable(folder)) {
                return problem(folder, MOUNTS);
            }
        }
        return "none of the folders for native libraries can be written: " + candidates + REMEDY;
    }

    /** In JavaCPP's order. */
    private static List<Path> candidates() {
        String[] names = {
            System.getProperty("org.bytedeco.javacpp.cacheDir"),
            System.getProperty("org.bytedeco.javacpp.cachedir"),
            System.getProperty("user.home") + "/.javacpp/cache",
            System.getProperty("java.io.tmpdir") + "/.javacpp-" + System.getProperty("user.name") + "/cache"
        };
        return Arrays.stream(names).filter(Objects::nonNull).map(Path::of).toList();
    }

    private static boolean isUsable(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            return false;
        }
        return Files.isReadable(folder) && Files.isWritable(folder) && Files.isExecutable(folder);
    }

    /** @param mounts as Linux lists them: device, folder, kind, options */
    static @Nullable String problem(Path folder, Path mounts) {
        try {
            if (isOnNoExec(folder.toRealPath(), mounts)) {
                return "native libraries are unpacked to " + folder
                        + ", where the machine runs no programs (it is mounted noexec)" + REMEDY;
            }
            long free = Files.getFileStore(folder).getUsableSpace();
            long missing = free < NEEDED ? NEEDED - bytesIn(folder) : 0;
            return free >= missing
                    ? null
                    : "native libraries are unpacked to " + folder + " and need " + missing / MEBIBYTE
                            + " MiB there, which has " + free / MEBIBYTE + " MiB left" + REMEDY;
        } catch (IOException | UncheckedIOException | InvalidPathException e) {
            // Only a look, for which a mount's name may have letters that the locale has not: what is really in the way
            // is
            // thrown when they are loaded.
            return null;
        }
    }

    private static boolean isOnNoExec(Path folder, Path mounts) throws IOException {
        Path nearest = Path.of("/");
        String options = "";
        for (String line : Files.readAllLines(mounts)) {
            String[] fields = line.split(" ", -1);
            Path mounted = Path.of(fields[1].replace("\\040", " "));
            // Of two at one place the later one covers the other.
            if (folder.startsWith(mounted) && mounted.getNameCount() >= nearest.getNameCount()) {
                nearest = mounted;
                options = fields[3];
            }
        }
        return Arrays.asList(options.split(",", -1)).contains("noexec");
    }

    private static long bytesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
