package org.focaldistill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class LibraryUseTest {
    @TempDir
    private Path folder;

    @Test
    void readmes_java_program_compiles_and_runs_a_whole_sweep() throws Exception {
        run(compiled(program(folder.resolve("output"))));

        List<TrialOutcome> trials = new ResultStore(
                        new Configuration(),
                        new org.apache.hadoop.fs.Path(
                                folder.resolve("output/results").toUri()))
                .trials();
        assertThat(trials).hasSize(4).extracting(TrialOutcome::status).containsOnly(TrialStatus.OK);
    }

    /** The README's lines as a class, writing to another folder. */
    private static String program(Path output) throws IOException {
        Matcher block =
                Pattern.compile("```java\n(.+?)```", Pattern.DOTALL).matcher(Files.readString(Path.of("README.md")));
        assertThat(block.find()).isTrue();
        assertThat(block.group(1)).contains("\"output/library\"");
        String lines = block.group(1).replace("\"output/library\"", "\"" + output.toUri() + "\"");
        return Stream.of(
                        lines.lines().filter(line -> line.startsWith("import ")),
                        Stream.of("public class Program { public static void main(String[] args) throws Exception {"),
                        lines.lines().filter(line -> !line.startsWith("import ")),
                        Stream.of("}}"))
                .flatMap(part -> part)
                .collect(Collectors.joining("\n"));
    }

    private Path compiled(String program) throws IOException {
        Path source = Files.writeString(folder.resolve("Program.java"), program);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        boolean done = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of("-proc:none", "-Xlint:all,-processing,-classfile,-path", "-d", folder.toString()),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertThat(done).as(messages.toString()).isTrue();
        return folder;
    }

    private static void run(Path classes) throws Exception {
        List<String> settings = List.of("spark.ui.enabled", "spark.master", "spark.driver.host");
        System.setProperty("spark.ui.enabled", "false");
        System.setProperty("spark.master", "local[2]");
        System.setProperty("spark.driver.host", "127.0.0.1");
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, LibraryUseTest.class.getClassLoader())) {
            loader.loadClass("Program").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            settings.forEach(System::clearProperty);
        }
    }
}
