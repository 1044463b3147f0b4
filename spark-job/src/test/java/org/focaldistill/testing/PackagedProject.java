package org.focaldistill.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * As {@link BuiltProject}, with the job's own jar and its libraries as files of their own, which Spark can send to other
 * machines.
 */
public final class PackagedProject implements AutoCloseable {
    private final Path root;

    /** @param root an empty folder */
    public PackagedProject(Path root) throws IOException {
        this.root = root;
        BuiltProject.copy(Path.of("..", "submit-scripts"), root.resolve("submit-scripts"));
        // Which of them come from Spark makes no difference where both folders are on the class path.
        Files.createDirectories(target().resolve("focaldistill/lib"));
        Path libraries = Files.createDirectories(libraries());
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path file = Path.of(entry).toAbsolutePath();
            if (file.toString().endsWith(".jar") && !file.toString().contains("minicluster")) {
                Files.createSymbolicLink(libraries.resolve(file.getFileName()), file);
            }
        }
        String jar = target().resolve("focaldistill.jar").toString();
        int code = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(System.out, System.err, "--create", "--no-compress", "--file", jar, "-C", "target/classes", ".");
        if (code != 0) {
            throw new IOException("jar ended with " + code);
        }
    }

    public Path script(String name) {
        return root.resolve("submit-scripts").resolve(name);
    }

    /** What the build leaves. */
    public Path target() {
        return root.resolve("spark-job/target");
    }

    private Path libraries() {
        return target().resolve("focaldistill/spark");
    }

    /** Takes the links away, which JUnit would warn of, one by one. */
    @Override
    public void close() throws IOException {
        try (Stream<Path> links = Files.list(libraries())) {
            for (Path link : links.toList()) {
                Files.delete(link);
            }
        }
    }
}
