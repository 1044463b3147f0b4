package org.focaldistill.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"gr\u00fcn", "/a/\u0142", "file:/gr\u00fcn", "FILE:///gr\u00fcn"})
    void a_local_path_needs_letters_that_the_locale_has(String path) {
        assertThatThrownBy(() -> FileNames.requireWritable(path, StandardCharsets.US_ASCII))
                .hasMessageContainingAll("US-ASCII", "LC_ALL=C.UTF-8", path);
        assertThatCode(() -> FileNames.requireWritable(path, StandardCharsets.UTF_8))
                .doesNotThrowAnyException();
    }

    @Test
    void other_file_systems_take_all_letters() {
        assertThatCode(() -> FileNames.requireWritable("hdfs://host/gr\u00fcn", StandardCharsets.US_ASCII))
                .doesNotThrowAnyException();
    }
}
