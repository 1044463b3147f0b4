package org.focaldistill.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a/b:c",
                "/a:b",
                "./epoch:240.pth",
                "hdfs://host:8020/a b#?%",
                "file:///a",
                "file:/a",
                "s3a://b/c",
                "later://host/a",
                "~user/a",
                "a~",
                "\u00fc"
            })
    void what_hadoop_reads_as_it_is_meant_stays(String text) {
        assertThat(Locations.read(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"epoch:240.pth, ./epoch:240.pth", "a:b/c, ./a:b/c", "C:, ./C:"})
    void a_name_with_a_colon_is_no_uri(String text, String location) {
        assertThat(Locations.read(text)).isEqualTo(location);
    }

    @Test
    void a_tilde_is_the_home_folder() {
        String home = System.getProperty("user.home");
        assertThat(Locations.read("~/a/~")).isEqualTo(home + "/a/~");
        assertThat(Locations.read("~")).isEqualTo(home);
    }

    @ParameterizedTest
    @CsvSource({
        "'', is empty",
        "'  ', is empty",
        "'a\nb', control characters",
        "'C:\\a', one of Windows",
        "C:/a, one of Windows",
        "hdfs:host/a, 'must be written hdfs://HOST/PATH or hdfs:/PATH, found hdfs:host/a'",
        "hdfs://host:8020/a:b, 'must have no colon in its path, which HDFS refuses, found hdfs://host:8020/a:b'",
        "viewfs:/a:b, must have no colon"
    })
    void what_can_be_no_location_is_refused(String text, String refusal) {
        assertThatThrownBy(() -> Locations.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(refusal);
    }

    @ParameterizedTest
    @CsvSource({"file:///a%20b, /a%20b", "file:/a, /a", "FILE:///a, /a", "a b, a b", "x:y, ./x:y", "file:////a, //a"})
    void a_file_uri_is_a_path_of_this_machine(String text, String path) {
        assertThat(Locations.onThisMachine(text)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hdfs://host/a", "file://host/a", "https://host/a"})
    void another_machine_s_file_is_none_of_this_one(String text) {
        assertThatThrownBy(() -> Locations.onThisMachine(text))
                .hasMessage("must be a path of this machine, found " + text);
    }
}
