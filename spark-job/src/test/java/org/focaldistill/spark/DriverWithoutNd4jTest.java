package org.focaldistill.spark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.Trial;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver may run where ND4J's native library does not, and must not take a GPU. */
class DriverWithoutNd4jTest {
    @TempDir
    private Path folder;

    @Test
    void planning_a_sweep_loads_no_class_of_nd4j() throws Exception {
        Files.write(folder.resolve("big.safetensors"), teacher());
        Path loaded = folder.resolve("loaded.txt");

        String output = run(loaded);

        assertThat(output)
                .contains("planned")
                .contains("Bank of big: 163 files")
                .doesNotContain("Exception");
        Set<String> classes = Files.readAllLines(loaded).stream()
                .map(line -> line.split(" ", 2)[0])
                .filter(name -> name.matches("org\\.(focaldistill|nd4j|deeplearning4j|bytedeco)\\..*"))
                .collect(Collectors.toSet());
        assertThat(classes)
                .contains(
                        SweepPlan.class.getName(),
                        Trial.class.getName(),
                        ResultStore.class.getName(),
                        Safetensors.class.getName(),
                        TeacherJob.class.getName(),
                        SweepJob.class.getName())
                .noneMatch(name -> name.startsWith("org.nd4j.") || name.startsWith("org.bytedeco."));
    }

    @Test
    void training_on_several_slots_from_there_is_refused_with_the_reason() throws Exception {
        String without = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("nd4j-native"))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(java("-cp", without, RequireBackendProgram.class.getName()))
                .contains("Cannot train a trial on several slots")
                .contains("set sweep.workersPerTrial = 1");
        assertThat(java("-cp", System.getProperty("java.class.path"), RequireBackendProgram.class.getName()))
                .contains("there is one");
    }

    private String run(Path loaded) throws IOException, InterruptedException {
        return java(
                "-Xlog:class+load=info:file=" + loaded + ":none",
                "-cp",
                System.getProperty("java.class.path"),
                DriverSideProgram.class.getName(),
                folder.toString());
    }

    private static String java(String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Stream.concat(
                                Stream.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-Xmx512m"),
                                Stream.of(arguments))
                        .toList())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static byte[] teacher() {
        return new Safetensors(Map.of("fc.bias", new Tensor(new long[] {1}, new float[] {1})), Map.of()).toBytes();
    }
}
