package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ConfigOptionsTest {
    @Command(name = "some")
    private static final class SomeCommand {
        @Mixin
        private ConfigOptions options = new ConfigOptions();
    }

    private static String typed(String... arguments) {
        SomeCommand command = new SomeCommand();
        new CommandLine(command).parseArgs(arguments);
        return command.options.asTyped();
    }

    @Test
    void what_was_typed_can_be_typed_again() {
        assertThat(typed("-c", "conf/smoke.conf", "--set", "paths.root=/data", "--set", "sweep.alpha=[0,0.05]"))
                .isEqualTo(" -c conf/smoke.conf --set paths.root=/data --set 'sweep.alpha=[0,0.05]'");
        assertThat(typed("-c", "my sweep's.conf")).isEqualTo(" -c 'my sweep'\\''s.conf'");
    }

    @Test
    void passwords_are_left_out() {
        assertThat(typed("--set", "data.accessKey=AKIA17"))
                .doesNotContain("AKIA17")
                .contains("data.accessKey=");
    }
}
