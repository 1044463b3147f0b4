package org.focaldistill.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program in a process of its own, as a user starts it. */
final class Program {
    /** Names the library of NVIDIA's driver. */
    static final String CUDA_LIBRARY = "focaldistill.cuda.library";

    private final Process process;
    private final Path output;

    private Program(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static Program start(Path folder, String... arguments) throws IOException {
        return start(folder, Map.of(), List.of("spark.master=local[2]"), arguments);
    }

    /**
     * Starts it.
     *
     * @param settings Spark's, each {@code key=value}
     */
    static Program start(Path folder, Map<String, String> environment, List<String> settings, String... arguments)
            throws IOException {
        // A build that runs in the background may ignore Ctrl-C, which its children inherit.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx1g", "-Dspark.ui.enabled=false"));
        // What a card is for this process's tests it is for the program.
        command.add("-D" + CUDA_LIBRARY + "=" + System.getProperty(CUDA_LIBRARY, "libcuda.so.1"));
        settings.forEach(setting -> command.add("-D" + setting));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FocalDistill.class.getName()));
        command.addAll(List.of(arguments));
        return start(folder, environment, command);
    }

    /**
     * Starts one of submit-scripts with its arguments, with the Java that this process has and no setting of its environment.
     *
     * @param folder its working directory
     */
    static Program startScript(Path folder, Map<String, String> environment, List<String> command) throws IOException {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("JAVA_HOME", System.getProperty("java.home"));
        List<String> all = new ArrayList<>(List.of("env", "--default-signal=INT"));
        List.of("SPARK_HOME", "HADOOP_CONF_DIR", "SPARK_LOCAL_IP").forEach(name -> all.add("--unset=" + name));
        all.addAll(command);
        return start(folder, variables, all);
    }

    private static Program start(Path folder, Map<String, String> environment, List<String> command)
            throws IOException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new Program(builder.start(), output);
    }

    /** Starts a script, as in a shell that knows nothing of Spark, Hadoop or this program. */
    static Program script(Path folder, Map<String, String> environment, Path script, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .keySet()
                .removeIf(name ->
                        name.startsWith("SPARK_") || name.startsWith("FOCALDISTILL_") || name.endsWith("_CONF_DIR"));
        builder.environment().putAll(environment);
        return new Program(builder.start(), output);
    }

    /** Runs it to its end and returns its exit code. */
    static int run(Path folder, String... arguments) throws IOException, InterruptedException {
        return start(folder, arguments).exitCode();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("The program did not end within 3 minutes");
        }
        return process.exitValue();
    }

    String output() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /** As {@code kill -9}: no hook runs. */
    void kill() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor();
    }

    /** As Ctrl-C. */
    void interrupt() throws IOException, InterruptedException {
        signal("INT");
    }

    void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("kill -" + name + " " + process.pid() + " ended with " + code);
        }
    }

    /** Something that a test waits for. */
    interface Sight {
        boolean isThere() throws IOException;
    }

    /** Waits until something is to be seen that the program does on its way. */
    void awaitSight(Sight sight, String what) throws InterruptedException, IOException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!sight.isThere()) {
            if (!isRunning() || System.nanoTime() > deadline) {
                throw new IllegalStateException("There was no " + what + ": " + output());
            }
            Thread.sleep(20);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isRunning() {
        return process.isAlive();
    }
}
