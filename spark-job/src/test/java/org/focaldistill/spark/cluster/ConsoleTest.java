package org.focaldistill.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong();

    private Console console(boolean terminal) {
        return new Console(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, clock::get);
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_terminals_last_line_is_drawn_over_and_gives_way_to_lines_that_stay() {
        Console console = console(true);
        console.state("1 of 2");
        console.state("2 of 2");
        console.line("all done");

        String blank = " ".repeat(79);
        assertThat(printed())
                .isEqualTo("\r" + pad("1 of 2") + "\r" + pad("2 of 2") + "\r" + blank + "\rall done"
                        + System.lineSeparator());
    }

    private static String pad(String text) {
        return text + " ".repeat(79 - text.length());
    }

    @Test
    void a_long_state_is_cut_so_that_a_terminal_of_80_columns_does_not_wrap_it() {
        console(true).state("x".repeat(200));
        assertThat(printed()).isEqualTo("\r" + "x".repeat(79));
    }

    @Test
    void a_log_file_gets_whole_states_ever_more_seldom_and_no_control_characters() {
        Console console = console(false);
        for (int second = 0; second <= TimeUnit.HOURS.toSeconds(2); second++) {
            clock.set(TimeUnit.SECONDS.toNanos(second));
            console.state("second " + second);
        }

        assertThat(printed().lines().limit(8))
                .containsExactly(
                        "second 30",
                        "second 90",
                        "second 210",
                        "second 450",
                        "second 930",
                        "second 1530",
                        "second 2130",
                        "second 2730");
        assertThat(printed()).doesNotContain("\r");
    }
}
