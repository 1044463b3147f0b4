package org.focaldistill.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** A copy of the project's scripts and configurations as after a build, whose jar has the tests' class path. */
public final class BuiltProject {
    private BuiltProject() {}

    /** Puts it into a folder, which it returns. */
    public static Path in(Path folder) throws IOException {
        for (String part : List.of("submit-scripts", "conf")) {
            copy(Path.of("..", part), folder.resolve(part));
        }
        Files.createDirectories(folder.resolve("spark-job/target/focaldistill/lib"));
        Files.createDirectories(folder.resolve("spark-job/target/focaldistill/spark"));
        writeJar(folder.resolve("spark-job/target/focaldistill.jar"));
        return folder;
    }

    /** Copies a folder with what is in it. */
    public static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copied = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copied.getParent());
                Files.copy(file, copied, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Writes a jar that holds nothing and asks for the tests' class path. */
    public static void writeJar(Path jar) throws IOException {
        StringBuilder entries = new StringBuilder();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            entries.append(Path.of(entry).toUri()).append(' ');
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, entries.toString());
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }
}
