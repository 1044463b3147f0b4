package org.focaldistill.testing;

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

/** A Java program of the tests' class path in a process of its own, and its log. */
public record Server(Process process, Path log) implements AutoCloseable {
    private static final String LOGGING = """
            rootLogger.level = info
            rootLogger.appenderRef.out.ref = out
            appender.out.type = Console
            appender.out.name = out
            appender.out.layout.type = PatternLayout
            appender.out.layout.pattern = %p %m%n
            """;

    /**
     * Starts it.
     *
     * @param log where what it prints goes; its folder is also its working directory
     * @param options of the JVM
     */
    public static Server start(
            Path log, Map<String, String> environment, List<String> options, String program, List<String> arguments)
            throws IOException {
        return start(log, environment, options, System.getProperty("java.class.path"), program, arguments);
    }

    /**
     * Starts one of another class path.
     *
     * @param log where what it prints goes; its folder is also its working directory
     * @param options of the JVM
     */
    static Server start(
            Path log,
            Map<String, String> environment,
            List<String> options,
            String classPath,
            String program,
            List<String> arguments)
            throws IOException {
        Path logging = log.resolveSibling("log4j2.properties");
        if (!Files.exists(logging)) {
            Files.writeString(logging, LOGGING, StandardCharsets.UTF_8);
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        command.add("-Xmx256m");
        command.add("-Dlog4j2.configurationFile=" + logging);
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, program));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(log.getParent().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().remove("CUDA_VISIBLE_DEVICES");
        return new Server(builder.start(), log);
    }

    /** Waits for a line of the log and returns the pattern's first group. */
    public String await(Pattern line) throws IOException, InterruptedException {
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

    /** As {@code kill -9}: it can tell nobody. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Ends it as a user would; a worker ends its executors, too. */
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
