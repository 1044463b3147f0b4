package org.focaldistill.testing;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** YARN on loopback: a resource manager and node managers, processes of their own, of the tests' class path. */
public final class YarnCluster implements AutoCloseable {
    /** What their class path needs beside the tests', as the build has copied it. */
    private static final Path LIBRARIES = Path.of("target", "yarn-servers").toAbsolutePath();

    private static final Pattern ACTIVE = Pattern.compile("Transitioned to (active) state");
    private static final Pattern REGISTERED = Pattern.compile("Registered with ResourceManager as (\\S+)");

    private final Path folder;
    private final Path conf;
    private final Server resourceManager;

    /** @param fileSystem its address */
    public YarnCluster(Path folder, String fileSystem) throws IOException, InterruptedException {
        this.folder = folder;
        this.conf = Files.createDirectories(folder.resolve("conf"));
        write("core-site.xml", Map.of("fs.defaultFS", fileSystem));
        write("yarn-site.xml", settings());
        resourceManager =
                start("resource-manager", "org.apache.hadoop.yarn.server.resourcemanager.ResourceManager", List.of());
        resourceManager.await(ACTIVE);
    }

    /** For {@code HADOOP_CONF_DIR}. */
    public Path conf() {
        return conf;
    }

    /** What the resource manager has written. */
    public String log() throws IOException {
        return Files.readString(resourceManager.log(), StandardCharsets.UTF_8);
    }

    /**
     * Adds one, with a GPU that nobody looks for.
     *
     * @param containers of 1.5 GB that it has room for
     */
    public Server nodeManager(String name, int containers) throws IOException, InterruptedException {
        List<String> options = Stream.of(
                        "resource.memory-mb=" + containers * 1536,
                        "local-dirs=" + folder.resolve(name + "/local"),
                        "log-dirs=" + folder.resolve(name + "/log"))
                .flatMap(setting -> Stream.of("-D", "yarn.nodemanager." + setting))
                .toList();
        Server started = start(name, "org.apache.hadoop.yarn.server.nodemanager.NodeManager", options);
        started.await(REGISTERED);
        return started;
    }

    private Server start(String name, String program, List<String> arguments) throws IOException {
        String ofTests = System.getProperty("java.class.path");
        // First, as Spark's pages have another build of YARN's proxy, for other servlets.
        String servers = Stream.of(ofTests.split(File.pathSeparator))
                .filter(entry -> entry.contains("hadoop-client-minicluster"))
                .findFirst()
                .orElseThrow();
        String classPath = String.join(File.pathSeparator, conf.toString(), servers, ofTests, LIBRARIES + "/*");
        Map<String, String> environment = Map.of("JAVA_HOME", System.getProperty("java.home"));
        return Server.start(folder.resolve(name + ".log"), environment, List.of(), classPath, program, arguments);
    }

    private static Map<String, String> settings() throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("yarn.resourcemanager.hostname", "localhost");
        for (String service : List.of("address", "scheduler.address", "resource-tracker.address", "admin.address")) {
            settings.put("yarn.resourcemanager." + service, "localhost:" + freePort());
        }
        settings.put("yarn.resourcemanager.webapp.address", "localhost:" + freePort());
        settings.put("yarn.nodemanager.hostname", "localhost");
        for (String service : List.of("address", "localizer.address", "webapp.address")) {
            settings.put("yarn.nodemanager." + service, "localhost:0");
        }
        settings.put("yarn.resourcemanager.nodemanagers.heartbeat-interval-ms", "200");
        settings.put("yarn.nm.liveness-monitor.expiry-interval-ms", "8000");
        settings.put("yarn.nodemanager.resource.cpu-vcores", "4");
        settings.put("yarn.scheduler.minimum-allocation-mb", "128");
        settings.put("yarn.scheduler.capacity.root.queues", "default");
        settings.put("yarn.scheduler.capacity.root.default.capacity", "100");
        settings.put("yarn.scheduler.capacity.maximum-am-resource-percent", "1");
        settings.put("yarn.resource-types", "yarn.io/gpu");
        settings.put("yarn.nodemanager.resource-type.yarn.io/gpu", "1");
        settings.put(
                "yarn.scheduler.capacity.resource-calculator",
                "org.apache.hadoop.yarn.util.resource.DominantResourceCalculator");
        // Neither the disk nor the memory of the machine that tests run on is YARN's to judge.
        settings.put("yarn.nodemanager.disk-health-checker.enable", "false");
        settings.put("yarn.nodemanager.vmem-check-enabled", "false");
        settings.put("yarn.nodemanager.pmem-check-enabled", "false");
        settings.put(
                "yarn.nodemanager.env-whitelist",
                "JAVA_HOME," + String.join(",", MachineEnvironment.variables().keySet()));
        return settings;
    }

    private void write(String file, Map<String, String> settings) throws IOException {
        String properties = settings.entrySet().stream()
                .map(setting -> "<property><name>" + setting.getKey() + "</name><value>" + setting.getValue()
                        + "</value></property>\n")
                .collect(Collectors.joining());
        Files.writeString(
                conf.resolve(file), "<configuration>\n" + properties + "</configuration>\n", StandardCharsets.UTF_8);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        resourceManager.close();
    }
}
