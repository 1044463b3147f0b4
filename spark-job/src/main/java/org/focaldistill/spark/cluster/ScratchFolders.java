package org.focaldistill.spark.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.focaldistill.text.Causes;
import org.jspecify.annotations.Nullable;

/** The driver's folders for what Spark puts on disk. It takes those that can be written, and exits where there is none. */
final class ScratchFolders {
    private static final String VARIABLE = "SPARK_LOCAL_DIRS";
    private static final String SETTING = "spark.local.dir";

    private ScratchFolders() {}

    /** @throws IOException if no folder can be written, with where that is set */
    static void requireOne(SparkConf conf) throws IOException {
        requireOne(conf, System.getenv(VARIABLE));
    }

    /** @param ofEnvironment what the environment says, which has precedence */
    static void requireOne(SparkConf conf, @Nullable String ofEnvironment) throws IOException {
        String folders =
                ofEnvironment != null ? ofEnvironment : conf.get(SETTING, System.getProperty("java.io.tmpdir", "/tmp"));
        List<String> problems = new ArrayList<>();
        for (String folder : folders.split(",", -1)) {
            String problem = problem(folder);
            if (problem == null) {
                return;
            }
            problems.add(problem);
        }
        String where = ofEnvironment != null
                ? VARIABLE + " is " + folders
                : SETTING + " is " + folders + (conf.contains(SETTING) ? "" : ", the folder for temporary files");
        throw new IOException("Spark has no folder for what it puts on disk: " + String.join(", ", problems) + ". "
                + where + "; name one that can be written");
    }

    private static @Nullable String problem(String folder) {
        try {
            Path path = Files.createDirectories(Path.of(folder));
            Files.delete(Files.createTempDirectory(path, "focaldistill"));
            return null;
        } catch (IOException | InvalidPathException e) {
            return "cannot write to " + folder + " (" + Causes.sentence(e) + ")";
        }
    }
}
