package org.focaldistill.text;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"gr\u00fcn", "/a/\u0142", "file:/gr\u00fcn"})
    void a_path_needs_letters_that_the_locale_has(String path) {
        assertThatThrownBy(() -> FileNames.requireLetters(path, StandardCharsets.US_ASCII))
                .hasMessageContainingAll("US-ASCII", "LC_ALL=C.UTF-8", path);
        assertThatCode(() -> FileNames.requireLetters(path, StandardCharsets.UTF_8))
                .doesNotThrowAnyException();
    }
}
