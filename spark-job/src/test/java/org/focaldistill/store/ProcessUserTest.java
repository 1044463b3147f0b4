package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessUserTest {
    private static final List<String> AS_A_USER_WITHOUT_A_NAME = List.of("unshare", "--user", "--map-user=12345");

    /** What the program does first, and what Hadoop then says. */
    public static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            ProcessUser.ensureKnown();
            System.out.println(UserGroupInformation.getCurrentUser().getShortUserName() + " in "
                    + System.getProperty("user.home"));
        }
    }

    @Test
    void a_user_id_without_a_name_is_somebody_for_hadoop(@TempDir Path home) throws Exception {
        assumeThat(output(Map.of(), "id", "-u")).as("user name spaces").isEqualTo("12345");
        String[] program = {
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Program.class.getName()
        };
        assertThat(output(Map.of("HOME", home.toString()), program)).isEqualTo("uid-12345 in " + home);
    }

    @Test
    void who_has_a_name_keeps_it() {
        String before = System.getProperty("user.name");
        ProcessUser.ensureKnown();
        assertThat(System.getProperty("user.name")).isEqualTo(before);
    }

    @Test
    void hadoops_and_sparks_variables_give_the_name(@TempDir Path home) {
        assertThat(ProcessUser.name(Map.of("HADOOP_USER_NAME", "ada", "SPARK_USER", "ben")))
                .isEqualTo("ada");
        assertThat(ProcessUser.name(Map.of("SPARK_USER", "ben"))).isEqualTo("ben");
        assertThat(ProcessUser.home(Map.of("HOME", home.resolve("missing").toString())))
                .isEqualTo(System.getProperty("java.io.tmpdir"));
    }

    private static String output(Map<String, String> environment, String... program) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(AS_A_USER_WITHOUT_A_NAME));
        builder.command().addAll(List.of(program));
        builder.environment().keySet().removeAll(List.of("HADOOP_USER_NAME", "SPARK_USER"));
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return "there is no " + AS_A_USER_WITHOUT_A_NAME.get(0);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        process.waitFor();
        return output;
    }
}
