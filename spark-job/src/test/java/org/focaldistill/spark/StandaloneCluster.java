package org.focaldistill.spark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Spark standalone cluster on loopback: master and workers are processes of their own, of the tests' class path. */
final class StandaloneCluster implements AutoCloseable {
    private static final Pattern MASTER_URL = Pattern.compile("Starting Spark master at (spark://\\S+)");
    private static final Pattern REGISTERED = Pattern.compile("Successfully registered with (master)");
    private static final String LOGGING = """
            rootLogger.level = info
            rootLogger.appenderRef.out.ref = out
            appender.out.type = Console
            appender.out.name = out
            appender.out.layout.type = PatternLayout
            appender.out.layout.pattern = %p %m%n
            """;

    private final Path folder;
    private final Node master;
    private final String url;

    StandaloneCluster(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        // Executors take the tests' class path instead, but the folder has to be there.
        Files.createDirectories(folder.resolve("spark-home/jars"));
        Files.writeString(folder.resolve("log4j2.properties"), LOGGING, StandardCharsets.UTF_8);
        this.master = start(
                "master",
                Map.of(),
                List.of(),
                "org.apache.spark.deploy.master.Master",
                List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
        this.url = master.await(MASTER_URL);
    }

    String url() {
        return url;
    }

    /** Process and log of a part of the cluster. */
    record Node(Process process, Path log) implements AutoCloseable {
        private String await(Pattern line) throws IOException, InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (true) {
                Matcher matcher = line.matcher(Files.readString(log, StandardCharsets.UTF_8));
                if (matcher.find()) {
                    return matcher.group(1);
                }
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IllegalStateException("No \"" + line + "\" in " + Files.readString(log));
                }
                Thread.sleep(50);
            }
        }

        /** Ends a worker's executors, too. */
        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Adds a worker of 4 cores and returns when the master has it.
     *
     * @param gpus how many GPUs its discovery script is to find
     * @param path where the script finds its programs before all other folders
     */
    Node worker(String name, int gpus, Path discovery, Path path) throws IOException, InterruptedException {
        List<String> options = List.of(
                "-Dspark.worker.resource.gpu.amount=" + gpus,
                "-Dspark.worker.resource.gpu.discoveryScript=" + discovery);
        List<String> arguments = new ArrayList<>(List.of("--host", "127.0.0.1", "--webui-port", "0"));
        arguments.addAll(List.of("--cores", "4", "--memory", "4g"));
        arguments.addAll(List.of("--work-dir", folder.resolve(name).toString(), url));
        Node worker = start(
                name,
                Map.of("PATH", path + ":" + System.getenv("PATH")),
                options,
                "org.apache.spark.deploy.worker.Worker",
                arguments);
        worker.await(REGISTERED);
        return worker;
    }

    private Node start(
            String name, Map<String, String> environment, List<String> options, String program, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        command.add("-Xmx256m");
        command.add("-Dlog4j2.configurationFile=" + folder.resolve("log4j2.properties"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program));
        command.addAll(arguments);
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("SPARK_HOME", folder.resolve("spark-home").toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.12");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().remove(GpuBinding.VISIBLE_DEVICES);
        return new Node(builder.start(), log);
    }

    @Override
    public void close() {
        master.close();
    }
}
