package org.focaldistill.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.text.Causes;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/** Hadoop's settings for commands that run without Spark. */
final class HadoopSettings {
    private static final String PREFIX = "spark.hadoop.";

    /** What Java says of Hadoop's {@code io.file.buffer.size}. */
    private static final String NO_BUFFER = "Buffer size <= 0";

    private HadoopSettings() {}

    /** Those of {@code HADOOP_CONF_DIR} and, as Spark has them, those given with {@code --conf spark.hadoop.KEY=VALUE}. */
    static Configuration configuration() {
        Configuration hadoop = new Configuration();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PREFIX))
                .forEach(name -> hadoop.set(name.substring(PREFIX.length()), System.getProperty(name)));
        return hadoop;
    }

    /**
     * What a failure says of these settings, which Hadoop reads when the first file system is opened and refuses with
     * whatever exception it meets.
     *
     * @return null if it is not about them
     */
    static @Nullable String problem(Throwable failure) {
        Throwable root = Causes.root(failure);
        boolean ofSettings = Arrays.stream(root.getStackTrace())
                .map(StackTraceElement::getClassName)
                .takeWhile(name -> !name.startsWith("org.focaldistill."))
                .anyMatch(name -> name.startsWith("org.apache.hadoop.conf.")
                        || name.startsWith("org.apache.hadoop.security.")
                        || (NO_BUFFER.equals(root.getMessage()) && name.startsWith("org.apache.hadoop.")));
        if (!ofSettings) {
            return null;
        }
        String folder = System.getenv("HADOOP_CONF_DIR");
        return "Hadoop can not use its settings, core-site.xml and others in "
                + (folder == null ? "HADOOP_CONF_DIR" : folder) + " or given with --conf spark.hadoop.KEY=VALUE: "
                + Words.reason(root).lines().map(String::strip).collect(Collectors.joining(" "));
    }
}
