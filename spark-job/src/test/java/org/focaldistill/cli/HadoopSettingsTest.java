package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadoopSettingsTest {
    /** The address of a file system that exists nowhere: who has the setting, says so. */
    private static final String SETTING = "spark.hadoop.fs.defaultFS";

    @TempDir
    private Path folder;

    @Test
    void a_command_without_spark_takes_the_hadoop_settings_that_are_given_to_spark() throws Exception {
        assertThat(status()).contains("There is no sweep in").contains("file:");
        assertThat(status(SETTING + "=nowhere://host")).contains("nowhere");
    }

    private String status(String... settings) throws IOException, InterruptedException {
        Program program = Program.start(folder, Map.of(), List.of(settings), "status", "--set", "paths.root=/sweeps");
        assertThat(program.exitCode()).isNotZero();
        return program.output();
    }
}
