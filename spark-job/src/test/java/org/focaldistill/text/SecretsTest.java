package org.focaldistill.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.SweepEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    private static final String SECRET = "wJalrXUtnFEMI";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark.authenticate.secret=wJalrXUtnFEMI",
                "spark.hadoop.fs.s3a.secret.key = wJalrXUtnFEMI and more",
                "fs.s3a.access.key: wJalrXUtnFEMI",
                "{\"password\":\"wJalrXUtnFEMI\"}",
                "{\"AWS_SECRET_ACCESS_KEY\": \"wJalrXUtnFEMI\", \"x\": 1}",
                "cannot open s3a://AKIAIOSFODNN:wJalrXUtnFEMI@bucket/results",
                "https://user:wJalrXUtnFEMI@host/cifar.tar.gz",
                "https://host/cifar.tar.gz?X-Amz-Signature=wJalrXUtnFEMI&X-Amz-Date=1",
                "--conf spark.ssl.keyPassword=wJalrXUtnFEMI",
            })
    void a_secret_is_in_no_text_attempt_or_log_line(String text) throws IOException {
        assertThat(Secrets.hidden(text)).contains("***").doesNotContain(SECRET);
        AttemptRow row = new AttemptRow(
                "id",
                1,
                "host",
                "cpu",
                Instant.EPOCH,
                Instant.EPOCH,
                AttemptRow.End.FAILED,
                text + "\n\tat a.B.c(B:1)");
        assertThat(row.error()).doesNotContain(SECRET).contains("a.B.c(B:1)");
        assertThat(new SweepEvent.AttemptEnded("id", 1, AttemptRow.End.FAILED, text).error())
                .doesNotContain(SECRET);
        assertThat(logged(text, null)).contains("***").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "x.", "x-token-", "s3://", "a:", "\""})
    void a_text_of_any_length_is_read_in_a_moment(String part) {
        String text = part.repeat(1_000_000 / part.length());
        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(10), () -> Secrets.hidden(text)))
                .isEqualTo(text);
    }

    /** As the program's own log settings write it. */
    private static String logged(String text, @Nullable Throwable thrown) throws IOException {
        Properties settings = new Properties();
        try (InputStream file = SecretsTest.class.getResourceAsStream("/log4j2.properties")) {
            settings.load(file);
        }
        String pattern = settings.getProperty("appender.console.layout.pattern");
        assertThat(pattern).contains("%replace");
        String always = settings.getProperty("appender.console.layout.alwaysWriteExceptions");
        return PatternLayout.newBuilder()
                .withPattern(pattern)
                .withAlwaysWriteExceptions(Boolean.parseBoolean(always))
                .build()
                .toSerializable(Log4jLogEvent.newBuilder()
                        .setLoggerName("test")
                        .setLevel(Level.WARN)
                        .setMessage(new SimpleMessage(text))
                        .setThrown(thrown)
                        .build());
    }

    @Test
    void the_log_has_a_line_for_each_event_with_what_was_thrown_first() throws IOException {
        Exception thrown =
                new IllegalStateException("outer", new IOException("first cause, password=" + SECRET + "\nmore"));
        assertThat(logged("it failed", thrown).lines())
                .singleElement()
                .asString()
                .endsWith("it failed: java.io.IOException: first cause, password=***");
        assertThat(logged("plain", null)).endsWith("WARN test: plain\n");
    }

    @Test
    void ordinary_messages_stay_as_they_are() {
        for (String text : new String[] {
            "java.io.IOException: Cannot read hdfs://namenode:9000/results/trials/3f2a.parquet",
            "\tat org.apache.hadoop.security.token.Token.decode(Token.java:127)",
            "Trial 3f2a: 3 attempts, see output/results",
            "user@host: no such file",
        }) {
            assertThat(Secrets.hidden(text)).isEqualTo(text);
        }
    }

    @Property
    void a_password_before_a_host_is_always_found(
            @ForAll @AlphaChars @NumericChars @StringLength(min = 1, max = 30) String user,
            @ForAll @AlphaChars @NumericChars @StringLength(min = 12, max = 40) String password) {
        String address = "s3a://" + user + ":" + password + "@bucket/results";
        assertThat(Secrets.inAddress(address)).isTrue();
        assertThat(Secrets.hidden("at " + address)).isEqualTo("at s3a://***@bucket/results");
        assertThat(Secrets.inAddress("hdfs://" + user + "@namenode:9000/results"))
                .isFalse();
    }
}
