package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
    private final StringWriter err = new StringWriter();

    private int print(OutputStream to, int code) {
        return StandardOutput.with(to, new PrintWriter(err, true), out -> {
            out.print("alpha,ce");
            out.println();
            return code;
        });
    }

    @Test
    void what_arrives_changes_no_exit_code() {
        ByteArrayOutputStream there = new ByteArrayOutputStream();
        assertThat(print(there, ExitCode.OK)).isEqualTo(ExitCode.OK);
        assertThat(print(there, 1)).isEqualTo(1);
        assertThat(there).hasToString("alpha,ce" + System.lineSeparator() + "alpha,ce" + System.lineSeparator());
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void results_that_a_full_disk_cut_short_are_no_success() throws IOException {
        try (OutputStream full = new FileOutputStream("/dev/full")) {
            assertThat(print(full, ExitCode.OK)).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(print(full, 1)).isEqualTo(1);
        }
        assertThat(err.toString().lines())
                .hasSize(2)
                .allMatch("focaldistill: what it prints could not be written: No space left on device"::equals);
    }

    @Test
    void a_reader_that_has_seen_enough_is_no_failure() throws Exception {
        Process reader = new ProcessBuilder("sh", "-c", "exec 0<&-; echo closed; exec sleep 60").start();
        try {
            assertThat(reader.inputReader().readLine()).isEqualTo("closed");
            assertThat(print(reader.getOutputStream(), ExitCode.OK)).isEqualTo(ExitCode.OK);
        } finally {
            reader.destroyForcibly();
        }
        assertThat(err.toString()).isEmpty();
    }
}
