package org.focaldistill.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A Spark standalone cluster on loopback: master and workers are processes of their own, of the tests' class path. */
public final class StandaloneCluster implements AutoCloseable {
    /** What finds a machine's GPUs for Spark. */
    public static final Path GPU_DISCOVERY =
            Path.of("..", "submit-scripts", "gpu-discovery.sh").toAbsolutePath().normalize();

    private static final Pattern MASTER_URL = Pattern.compile("Starting Spark master at (spark://\\S+)");
    private static final Pattern MASTER_PAGE = Pattern.compile("Bound MasterWebUI to .* started at (http://\\S+)");
    private static final Pattern REGISTERED = Pattern.compile("Successfully registered with (master)");

    private final Path folder;
    private final Server master;
    private final String url;

    public StandaloneCluster(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        // Executors take the tests' class path instead, but the folder has to be there.
        Files.createDirectories(folder.resolve("spark-home/jars"));
        this.master = start(
                "master",
                Map.of(),
                List.of(),
                "org.apache.spark.deploy.master.Master",
                List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
        this.url = master.await(MASTER_URL);
    }

    public String url() {
        return url;
    }

    /** Ends an application as a user does with the link on the master's page. */
    public void killApplication(String id) throws IOException, InterruptedException {
        String page = master.await(MASTER_PAGE);
        HttpRequest kill = HttpRequest.newBuilder(
                        URI.create(page.replaceAll("//[^:/]+:", "//127.0.0.1:") + "/app/kill/"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("id=" + id + "&terminate=true"))
                .build();
        HttpResponse<Void> answer = HttpClient.newHttpClient().send(kill, HttpResponse.BodyHandlers.discarding());
        if (answer.statusCode() >= 400) {
            throw new IllegalStateException("The master answered " + answer.statusCode());
        }
    }

    /** The application that registered last. */
    public String lastApplication() throws IOException, InterruptedException {
        Pattern last = Pattern.compile("(?s).*Registered app .* with ID (app-\\S+)");
        return master.await(last);
    }

    /** Adds a worker of 4 cores without GPUs and returns when the master has it. */
    public Server worker(String name) throws IOException, InterruptedException {
        return worker(name, Map.of());
    }

    /**
     * The same.
     *
     * @param environment variables that it and its executors have beside those of this process
     */
    public Server worker(String name, Map<String, String> environment) throws IOException, InterruptedException {
        return worker(name, environment, List.of());
    }

    /**
     * Adds a worker of 4 cores and returns when the master has it.
     *
     * @param gpus how many GPUs {@link #GPU_DISCOVERY} is to find
     * @param path where the script finds its programs before all other folders
     */
    public Server worker(String name, int gpus, Path path) throws IOException, InterruptedException {
        List<String> options = List.of(
                "-Dspark.worker.resource.gpu.amount=" + gpus,
                "-Dspark.worker.resource.gpu.discoveryScript=" + GPU_DISCOVERY);
        return worker(name, Map.of("PATH", path + ":" + System.getenv("PATH")), options);
    }

    private Server worker(String name, Map<String, String> environment, List<String> options)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--host", "127.0.0.1", "--webui-port", "0"));
        arguments.addAll(List.of("--cores", "4", "--memory", "4g"));
        arguments.addAll(List.of("--work-dir", folder.resolve(name).toString(), url));
        Server worker = start(name, environment, options, "org.apache.spark.deploy.worker.Worker", arguments);
        worker.await(REGISTERED);
        return worker;
    }

    private Server start(
            String name, Map<String, String> environment, List<String> options, String program, List<String> arguments)
            throws IOException {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("SPARK_HOME", folder.resolve("spark-home").toString());
        variables.put("SPARK_SCALA_VERSION", "2.12");
        variables.put("SPARK_LOCAL_IP", "127.0.0.1");
        return Server.start(folder.resolve(name + ".log"), variables, options, program, arguments);
    }

    @Override
    public void close() {
        master.close();
    }
}
