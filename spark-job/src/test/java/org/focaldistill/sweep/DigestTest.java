package org.focaldistill.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DigestTest {
    @Test
    void it_is_the_beginning_of_the_sha_256_of_the_text_in_utf_8() {
        // printf 'αγ' | sha256sum
        assertThat(Digest.of("αγ")).isEqualTo("0a5dcd8a6a51b293c895");
    }
}
