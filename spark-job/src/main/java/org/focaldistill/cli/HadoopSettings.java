package org.focaldistill.cli;

import org.apache.hadoop.conf.Configuration;

/** Hadoop's settings for commands that run without Spark. */
final class HadoopSettings {
    private static final String PREFIX = "spark.hadoop.";

    private HadoopSettings() {}

    /** Those of {@code HADOOP_CONF_DIR} and, as Spark has them, those given with {@code --conf spark.hadoop.KEY=VALUE}. */
    static Configuration configuration() {
        Configuration hadoop = new Configuration();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PREFIX))
                .forEach(name -> hadoop.set(name.substring(PREFIX.length()), System.getProperty(name)));
        return hadoop;
    }
}
