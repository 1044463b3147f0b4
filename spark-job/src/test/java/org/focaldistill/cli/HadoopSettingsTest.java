package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"fs.file.impl=no.such.Class", "io.file.buffer.size=abc"})
    void settings_that_hadoop_can_not_use_are_bad_input_whatever_it_throws(String setting) throws Exception {
        Program program = Program.start(
                folder, Map.of(), List.of("spark.hadoop." + setting), "status", "--set", "paths.root=/sweeps");
        assertThat(program.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(program.output()).contains("Hadoop can not use its settings").doesNotContain("\tat ");
    }

    @Test
    void a_buffer_of_no_size_is_a_setting_of_hadoop_s() {
        Configuration settings = new Configuration();
        settings.setInt("io.file.buffer.size", -1);
        assertThatThrownBy(() -> {
                    FileSystem files = FileSystem.newInstance(URI.create("file:///"), settings);
                    files.create(new org.apache.hadoop.fs.Path(
                                    folder.resolve("x").toUri()))
                            .close();
                })
                .satisfies(thrown -> assertThat(HadoopSettings.problem(thrown)).contains("Buffer size <= 0"));
    }

    @Test
    void what_only_passes_through_hadoop_is_not_about_its_settings() {
        assertThat(HadoopSettings.problem(new IllegalStateException("ours"))).isNull();
    }

    private String status(String... settings) throws IOException, InterruptedException {
        Program program = Program.start(folder, Map.of(), List.of(settings), "status", "--set", "paths.root=/sweeps");
        assertThat(program.exitCode()).isNotZero();
        return program.output();
    }
}
