package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.focaldistill.testing.BuiltProject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts wherever the project lies, however they are called, and with whatever Java and locale there is. */
class ScriptsAnywhereTest {
    private static final Path SCRIPTS = Path.of("..", "submit-scripts");
    private static final String ADVICE = "install a JDK 17 (on Debian openjdk-17-jdk) and set JAVA_HOME to its folder";

    @TempDir
    private Path folder;

    private Path project;

    private record Answer(int code, String out, String err) {}

    @BeforeEach
    void aBuiltProject() throws IOException {
        project = projectIn("project");
    }

    private Path projectIn(String name) throws IOException {
        Path copy = folder.resolve(name);
        Path scripts = Files.createDirectories(copy.resolve("submit-scripts"));
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            for (Path file : files.toList()) {
                Files.copy(file, scripts.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Files.createDirectories(copy.resolve("spark-job/target/focaldistill/lib"));
        Files.createFile(copy.resolve("spark-job/target/focaldistill.jar"));
        return copy;
    }

    /** A folder for JAVA_HOME whose java says a version, and prints what else it is asked for, an argument a line. */
    private Path java(String version) throws IOException {
        Path home = folder.resolve("java-" + version);
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, """
                #!/usr/bin/env bash
                [[ "$1" != -version ]] || { echo 'openjdk version "%s" 2024-01-01' >&2; exit; }
                printf '%%s\\n' "Java %s, LC_ALL=${LC_ALL-}" "$@"
                """.formatted(version, version));
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return home;
    }

    @Test
    void a_link_to_a_script_is_the_script_itself() throws Exception {
        Path script = project.resolve("submit-scripts/focaldistill");
        Path links = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(links.resolve("absolute"), script);
        Files.createSymbolicLink(links.resolve("relative"), links.relativize(script));
        Files.createSymbolicLink(folder.resolve("chain"), Path.of("bin/relative"));

        Map<String, String> environment = Map.of(
                "JAVA_HOME", java("17.0.1").toString(), "PATH", folder + File.pathSeparator + System.getenv("PATH"));
        for (String call : List.of("bin/absolute", "bin/relative", "chain", "./chain")) {
            Answer answer = ask(environment, call, "models");
            assertThat(answer.err()).as(call).isEmpty();
            assertThat(answer.out().lines())
                    .as(call)
                    .anyMatch(line -> line.startsWith(project + "/spark-job/target/focaldistill.jar:"))
                    .endsWith("models");
        }
        Files.createSymbolicLink(links.resolve("sweep-here"), project.resolve("submit-scripts/local.sh"));
        assertThat(ask(Map.of(), "bin/sweep-here", "--help").out()).startsWith("A whole sweep on this machine");
    }

    @ParameterizedTest
    @CsvSource({
        "local.sh, --config, a file",
        "local-gpu.sh, --trials, a number",
        "standalone.sh, --master, a URL",
        "yarn.sh, --queue, a name",
        "kubernetes.sh, --image, a name",
        "notebooks.sh, --results, a folder",
        "cluster-up.sh, --memory, a size"
    })
    void an_option_without_its_value_is_bad_usage(String script, String option, String what) throws Exception {
        Answer answer = ask(Map.of(), "project/submit-scripts/" + script, option);
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).isEqualTo(script + ": " + option + " needs " + what + "\n");
    }

    @Test
    void a_search_path_of_cd_changes_nothing() throws Exception {
        Answer answer = ask(
                Map.of("JAVA_HOME", java("17.0.1").toString(), "CDPATH", folder.toString()),
                "project/submit-scripts/local.sh",
                "--generated");
        assertThat(answer.code()).as(answer.err()).isZero();
        assertThat(answer.out().lines())
                .contains("generate", "prepare", "sweep", "report", project + "/conf/smoke.conf");
    }

    @Test
    void java_home_goes_before_the_java_of_the_path() throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", java("17.0.2").resolve("bin") + ":" + System.getenv("PATH"));
        assertThat(ask(environment, "project/submit-scripts/focaldistill").out())
                .startsWith("Java 17.0.2,");
        environment.put("JAVA_HOME", java("17.0.1").toString());
        assertThat(ask(environment, "project/submit-scripts/focaldistill").out())
                .startsWith("Java 17.0.1,");
    }

    @Test
    void a_java_home_without_java_and_no_java_at_all_are_said() throws Exception {
        Answer wrong = ask(Map.of("JAVA_HOME", "/no where"), "project/submit-scripts/focaldistill");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err())
                .isEqualTo("focaldistill: JAVA_HOME=/no where is no folder of a Java, it has no bin/java: " + ADVICE
                        + ", or unset it to use the java of the PATH\n");

        Answer none = ask(Map.of("PATH", pathWithoutJava().toString()), "project/submit-scripts/local.sh");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err())
                .isEqualTo("local.sh: JAVA_HOME is not set, and there is no java on the PATH: " + ADVICE + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.8.0_402 | is Java 8, older than the 17 that FocalDistill needs: ",
                "11.0.2    | is Java 11, older than the 17 that FocalDistill needs: ",
                "21.0.1    | is Java 21, newer than the 17 that Spark 3.5 and its Hadoop are made for (on 25 they do not run): ",
                "25.0.3    | is Java 25, newer than the 17 that Spark 3.5 and its Hadoop are made for (on 25 they do not run): "
            })
    void a_java_that_can_not_run_it_is_refused_in_one_sentence(String version, String sentence) throws Exception {
        Path home = java(version);
        for (String script : List.of("focaldistill", "local.sh", "cluster-up.sh")) {
            Answer answer = ask(Map.of("JAVA_HOME", home.toString()), "project/submit-scripts/" + script);
            assertThat(answer.code()).isEqualTo(2);
            assertThat(answer.out()).isEmpty();
            assertThat(answer.err())
                    .isEqualTo(script + ": " + home + "/bin/java " + sentence.stripTrailing() + " " + ADVICE + "\n");
        }
    }

    @Test
    void a_release_that_lacks_a_jar_says_so() throws Exception {
        Files.delete(project.resolve("spark-job/target/focaldistill.jar"));
        Answer answer = ask(Map.of(), "project/submit-scripts/focaldistill", "models");
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err())
                .isEqualTo("focaldistill: this release lacks " + project
                        + "/spark-job/target/focaldistill.jar: unpack it anew\n");
        Map<String, String> environment = Map.of(
                "JAVA_HOME",
                java("17.0.1").toString(),
                "FOCALDISTILL_CLUSTER",
                folder.resolve("cluster").toString());
        assertThat(ask(environment, "project/submit-scripts/cluster-up.sh").err())
                .isEqualTo("cluster-up.sh: this release lacks " + project
                        + "/spark-job/target/focaldistill/spark: unpack it anew\n");
        assertThat(ask(environment, "project/submit-scripts/cluster-up.sh", "--hdfs")
                        .err())
                .isEqualTo("cluster-up.sh: this release lacks " + project
                        + "/spark-job/target/focaldistill/hdfs: unpack it anew\n");
        assertThat(folder.resolve("cluster")).doesNotExist();
    }

    @Test
    void what_a_build_needs_is_said_before_it_is_begun() throws Exception {
        Files.createFile(project.resolve("pom.xml"));
        Files.delete(project.resolve("spark-job/target/focaldistill.jar"));
        Path home = java("17.0.1");
        Map<String, String> environment =
                Map.of("JAVA_HOME", home.toString(), "PATH", pathWithoutJava().toString());
        assertThat(ask(environment, "project/submit-scripts/focaldistill").err())
                .contains("has no compiler beside it");
        Files.copy(home.resolve("bin/java"), home.resolve("bin/javac"));
        assertThat(home.resolve("bin/javac").toFile().setExecutable(true)).isTrue();
        Answer answer = ask(environment, "project/submit-scripts/focaldistill");
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).contains("there is no mvn on the PATH: install Maven");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a,b", "grün łódź", "a#b %20", "it's"})
    void a_project_may_lie_in_any_folder(String name) throws Exception {
        Path odd = projectIn(name);
        Answer answer =
                ask(Map.of("JAVA_HOME", java("17.0.1").toString()), name + "/submit-scripts/focaldistill", "models");
        assertThat(answer.code()).as(answer.err()).isZero();
        assertThat(answer.out()).contains("\n" + odd + "/spark-job/target/focaldistill.jar:" + odd + "/spark-job");
    }

    @Test
    void but_where_java_or_spark_can_not_have_it_that_is_said() throws Exception {
        Path colon = projectIn("a:b");
        for (String script : List.of("focaldistill", "local.sh", "cluster-up.sh", "notebooks.sh")) {
            Answer answer = ask(Map.of("JAVA_HOME", java("17.0.1").toString()), "a:b/submit-scripts/" + script);
            assertThat(answer.code()).isEqualTo(2);
            assertThat(answer.err())
                    .isEqualTo(script + ": the project lies in " + colon
                            + ", and Java can not run from a folder with ':' in its path; move it\n");
        }
        projectIn("a,b");
        Answer sent = ask(
                Map.of("JAVA_HOME", java("17.0.1").toString()),
                "a,b/submit-scripts/focaldistill",
                "--master",
                "spark://host:1",
                "models");
        assertThat(sent.code()).isEqualTo(2);
        assertThat(sent.err()).contains("Spark sends no jars from a folder with ',' in its path");
    }

    @ParameterizedTest
    @CsvSource({"LC_ALL, C", "LC_ALL, POSIX", "LANG, ''", "LC_CTYPE, C", "LC_ALL, xx_XX.UTF-8", "LANG, C.UTF-8"})
    void the_program_runs_in_one_locale_that_has_all_letters(String variable, String value) throws Exception {
        Answer answer = ask(
                Map.of("JAVA_HOME", java("17.0.1").toString(), variable, value), "project/submit-scripts/focaldistill");
        assertThat(answer.out()).startsWith("Java 17.0.1, LC_ALL=C.UTF-8\n");
    }

    @Test
    void the_program_itself_makes_the_folder_that_was_named_in_a_locale_of_ascii() throws Exception {
        BuiltProject.writeJar(project.resolve("spark-job/target/focaldistill.jar"));

        List<String> arguments = new ArrayList<>(List.of("generate", "grün/łódź"));
        for (String setting : List.of("generated.trainImages=100", "generated.testImages=100")) {
            arguments.addAll(List.of("--set", setting));
        }
        Answer answer = ask(
                Map.of("JAVA_HOME", System.getProperty("java.home"), "LC_ALL", "C"),
                "project/submit-scripts/focaldistill",
                arguments.toArray(String[]::new));
        assertThat(answer.code()).as(answer.err()).isZero();
        assertThat(answer.out()).contains("in grün/łódź");
        assertThat(folder.resolve("grün/łódź/train.bin")).exists();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FOCALDISTILL_MEMORY | abc     | focaldistill | FOCALDISTILL_MEMORY=abc: give a size, 8g or 6000m say",
                "FOCALDISTILL_NATIVE_MEMORY | abc | focaldistill | FOCALDISTILL_NATIVE_MEMORY=abc: give a size, 8g or 6000m"
                        + " say",
                "FOCALDISTILL_MEMORY | 20m     | focaldistill | FOCALDISTILL_MEMORY=20m: the program does not start with less",
                "FOCALDISTILL_MEMORY | -1g     | focaldistill | FOCALDISTILL_MEMORY=-1g: give a size, 8g or 6000m say",
                "HADOOP_CONF_DIR     | /no/ne  | focaldistill | HADOOP_CONF_DIR=/no/ne is no folder; correct or unset it",
                "TMPDIR              | /no/ne  | local.sh     | cannot make a folder for temporary files; set TMPDIR",
            })
    void a_variable_that_can_not_be_meant_is_bad_input(String name, String value, String script, String sentence)
            throws Exception {
        Map<String, String> environment = Map.of("JAVA_HOME", java("17.0.1").toString(), name, value);
        Answer answer = ask(environment, "project/submit-scripts/" + script, "--generated");
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err().lines().reduce((a, b) -> b).orElse("")).startsWith(script + ": " + sentence);
    }

    @Test
    void why_java_does_not_run_is_said_and_not_what_it_picked_up() throws Exception {
        Path home = folder.resolve("java-broken");
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(
                java,
                "#!/bin/sh\nprintf 'Picked up JAVA_TOOL_OPTIONS: -Xno\\nUnrecognized option: -Xno\\n' >&2; exit 1\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Answer answer = ask(Map.of("JAVA_HOME", home.toString()), "project/submit-scripts/focaldistill");
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).isEqualTo("focaldistill: " + java + " does not run: Unrecognized option: -Xno\n");
    }

    @Test
    void a_folder_that_was_deleted_is_no_place_to_run_in() throws Exception {
        Path script = project.resolve("submit-scripts/focaldistill");
        Answer answer = ask(Map.of(), "/bin/sh", "-c", "mkdir gone && cd gone && rmdir ../gone && exec " + script);
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).endsWith("focaldistill: the folder you are in is deleted; change to another\n");
    }

    @ParameterizedTest
    @CsvSource({"TERM, ''", "TERM, -", "INT, ''", "INT, -", "HUP, ''"})
    void a_signal_to_the_script_alone_or_to_all_processes_lets_the_program_save_and_ends_the_script(
            String signal, String toAll) throws Exception {
        Path home = java("17.0.1");
        Files.writeString(home.resolve("bin/java"), """
                if [[ " $* " == *" sweep "* ]]; then
                  trap 'sleep 0.3; echo saved; exit 130' INT TERM HUP
                  touch sweeping
                  for i in {1..600}; do sleep 0.1; done
                fi
                """, StandardOpenOption.APPEND);
        // A build that runs in the background may ignore Ctrl-C, and with nohup the terminal's end, which its children
        // inherit.
        String[] command = {"env", "--default-signal=INT,HUP", "project/submit-scripts/local.sh", "--generated"};
        Process script = begin(Map.of("JAVA_HOME", home.toString()), "setsid", command);
        awaitSweepAndSend(signal, script, toAll);
        Answer answer = answer(script);
        assertThat(answer.code()).as(answer.err()).isEqualTo(130);
        assertThat(answer.out().lines()).endsWith("saved").doesNotContain("report");
    }

    /** Shells have background commands ignore Ctrl-C: it is nothing then, and SIGTERM ends them. */
    @Test
    void a_script_in_the_background_does_not_leave_its_program_alone_when_it_is_sent_what_it_ignores()
            throws Exception {
        Path home = java("17.0.1");
        Files.writeString(home.resolve("bin/java"), """
                if [[ " $* " == *" sweep "* ]]; then
                  trap 'echo saved; exit 130' TERM
                  touch sweeping
                  for i in {1..600}; do sleep 0.1; done
                fi
                """, StandardOpenOption.APPEND);
        String[] command = {"env", "--ignore-signal=INT", "project/submit-scripts/local.sh", "--generated"};
        Process script = begin(Map.of("JAVA_HOME", home.toString()), "setsid", command);
        awaitSweepAndSend("INT", script, "");
        assertThat(script.waitFor(1, TimeUnit.SECONDS))
                .as("ended by what it ignores")
                .isFalse();
        awaitSweepAndSend("TERM", script, "");
        Answer answer = answer(script);
        assertThat(answer.code()).as(answer.err()).isEqualTo(130);
        assertThat(answer.out().lines()).endsWith("saved");
    }

    /** @param toAll a minus to send it to all of the script's group */
    private void awaitSweepAndSend(String signal, Process script, String toAll) throws Exception {
        // Bash loses a signal that comes just before it begins to wait for the program.
        for (int i = 0; i < 600 && !(Files.exists(folder.resolve("sweeping")) && isWaiting(script)); i++) {
            Thread.sleep(50);
        }
        assertThat(new ProcessBuilder("kill", "-" + signal, "--", toAll + script.pid())
                        .start()
                        .waitFor())
                .isZero();
    }

    private static boolean isWaiting(Process process) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"))
                .matches("(?s)\\d+ \\(.*\\) S .*");
    }

    /** A folder for PATH with what the scripts call, and no Java. */
    private Path pathWithoutJava() throws IOException {
        Path path = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("bash", "env", "readlink", "dirname", "basename", "locale", "sed")) {
            for (String place : System.getenv("PATH").split(File.pathSeparator, -1)) {
                if (Files.isExecutable(Path.of(place, tool)) && !Files.exists(path.resolve(tool))) {
                    Files.writeString(path.resolve(tool), "#!/bin/sh\nexec " + Path.of(place, tool) + " \"$@\"\n");
                    assertThat(path.resolve(tool).toFile().setExecutable(true)).isTrue();
                }
            }
        }
        return path;
    }

    /** Runs a script in the test's folder, in no locale but what the environment sets. */
    private Answer ask(Map<String, String> environment, String script, String... arguments) throws Exception {
        return answer(begin(environment, script, arguments));
    }

    private Process begin(Map<String, String> environment, String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(script));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", "exec \"$0\" \"$@\"")
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out.txt").toFile())
                .redirectError(folder.resolve("err.txt").toFile());
        builder.command().addAll(command);
        builder.environment().keySet().removeIf(name -> name.matches("(SPARK_|FOCALDISTILL_|LC_|LANG|JAVA_|JDK_).*"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Answer answer(Process process) throws Exception {
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Answer(
                process.exitValue(),
                Files.readString(folder.resolve("out.txt"), StandardCharsets.UTF_8),
                Files.readString(folder.resolve("err.txt"), StandardCharsets.UTF_8));
    }
}
