package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.deploy.SparkSubmitArguments;
import org.focaldistill.testing.BuiltProject;
import org.focaldistill.testing.ExecutorPod;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.JavaConverters;

/** What the scripts give to spark-submit, as Spark's own parser reads it. */
class SubmitScriptsTest {
    private static final Path SCRIPTS = Path.of("..", "submit-scripts");
    private static final Path CONF = Path.of("..", "conf");

    @TempDir
    private Path folder;

    private Path scripts;

    /** The scripts in a built project, and a SPARK_HOME whose spark-submit writes down its arguments. */
    @BeforeEach
    void aBuiltProjectAndASpark() throws IOException {
        scripts = folder.resolve("project/submit-scripts");
        BuiltProject.copy(SCRIPTS, scripts);
        Path target = Files.createDirectories(folder.resolve("project/spark-job/target/focaldistill/lib"));
        Files.createFile(target.resolve("one.jar"));
        Files.createFile(target.resolve("two.jar"));
        Files.createFile(folder.resolve("project/spark-job/target/focaldistill.jar"));
        Path spark = Files.createDirectories(folder.resolve("spark-home/bin"));
        Files.createFile(
                Files.createDirectories(folder.resolve("spark-home/jars")).resolve("spark-core_2.12-3.5.9.jar"));
        Path submit = spark.resolve("spark-submit");
        Files.writeString(
                submit,
                "#!/usr/bin/env bash\nfor a in \"$@\"; do printf '%s\\0' \"$a\"; done >'" + folder
                        + "'/call-$$-$(printf '%s\\n' \"$@\" | grep -cx sweep)\n",
                StandardCharsets.UTF_8);
        assertThat(submit.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void yarn_asks_for_executors_with_room_beside_the_heap_and_passes_the_rest_on() throws Exception {
        SparkSubmitArguments sweep = sweep(
                "yarn.sh",
                "--executors",
                "8",
                "--queue",
                "research",
                "--conf",
                "spark.executor.memoryOverhead=7g",
                "-c",
                "my study.conf",
                "--set",
                "sweep.alpha=[0, 0.5]");

        assertThat(sweep.master()).isEqualTo("yarn");
        assertThat(sweep.mainClass()).isEqualTo("org.focaldistill.cli.FocalDistill");
        assertThat(sweep.primaryResource()).endsWith("spark-job/target/focaldistill.jar");
        assertThat(sweep.jars()).contains("lib/one.jar").contains("lib/two.jar");
        assertThat(settings(sweep))
                .containsEntry("spark.submit.deployMode", "client")
                .containsEntry("spark.executor.instances", "8")
                .containsEntry("spark.executor.cores", "1")
                .containsEntry("spark.executor.memory", "2g")
                .containsEntry("spark.executor.memoryOverhead", "7g")
                .containsEntry("spark.yarn.queue", "research")
                .containsEntry("spark.yarn.am.attemptFailuresValidityInterval", "1h")
                .hasEntrySatisfying(
                        "spark.executor.extraJavaOptions",
                        options -> assertThat(options)
                                .contains("-Dorg.bytedeco.javacpp.maxphysicalbytes=0")
                                .doesNotContain("maxbytes"))
                .doesNotContainKey("spark.executor.resource.gpu.amount");
        assertThat(JavaConverters.seqAsJavaList(sweep.childArgs()))
                .containsExactly("sweep", "-c", "my study.conf", "--set", "sweep.alpha=[0, 0.5]");
    }

    @Test
    void yarn_s_executors_have_memory_beside_the_heap_for_a_trial_on_each_core() throws Exception {
        assertThat(settings(sweep("yarn.sh"))).containsEntry("spark.executor.memoryOverhead", "4g");
        assertThat(settings(sweep("yarn.sh", "--cores", "40"))).containsEntry("spark.executor.memoryOverhead", "82g");
    }

    @Test
    void a_limit_of_native_memory_is_the_driver_s_and_each_executor_s() throws Exception {
        List<String> line =
                sweepLine(Map.of("HADOOP_CONF_DIR", folder.toString(), "FOCALDISTILL_NATIVE_MEMORY", "20g"), "yarn.sh");
        assertThat(parsed(line).driverExtraJavaOptions()).contains("-Dorg.bytedeco.javacpp.maxbytes=20g");
        assertThat(settings(parsed(line)).get("spark.executor.extraJavaOptions"))
                .contains("-Dorg.bytedeco.javacpp.maxbytes=20g");
    }

    @Test
    void yarn_gives_an_executor_a_gpu_and_sends_it_the_script_that_finds_it() throws Exception {
        Map<String, String> settings = settings(sweep("yarn.sh", "--trials-per-gpu", "3"));

        assertThat(settings)
                .containsEntry("spark.executor.instances", "2")
                .containsEntry("spark.executor.resource.gpu.amount", "1")
                .containsEntry("spark.task.resource.gpu.amount", "0.333333")
                .containsEntry("spark.executor.cores", "3")
                .containsEntry("spark.executor.resource.gpu.discoveryScript", "./gpu-discovery.sh");
        assertThat(settings.get("spark.files")).endsWith("/gpu-discovery.sh");
    }

    @Test
    void as_many_trials_on_a_gpu_as_fit_are_eight_that_wait_for_each_other() throws Exception {
        assertThat(settings(sweep("yarn.sh", "--trials-per-gpu", "auto")))
                .containsEntry("spark.task.resource.gpu.amount", "0.125000")
                .containsEntry("spark.executor.cores", "8")
                .containsEntry("spark.executorEnv.FOCALDISTILL_ENGINE", "cuda");
        assertThat(run(Map.of(), "local-gpu.sh", "--trials", "many"))
                .contains("local-gpu.sh: --trials many: a number from 1, or auto");
    }

    @Test
    void kubernetes_gives_a_pod_a_gpu_and_the_script_of_the_image_finds_it() throws Exception {
        Map<String, String> settings = settings(sweep("kubernetes.sh", kubernetes("--trials-per-gpu", "3")));
        assertThat(settings)
                .containsEntry("spark.executor.instances", "2")
                .containsEntry("spark.task.resource.gpu.amount", "0.333333")
                .containsEntry(
                        "spark.executor.resource.gpu.discoveryScript",
                        "/opt/focaldistill/submit-scripts/gpu-discovery.sh");
        Container executor = ExecutorPod.of(settings).getSpec().getContainers().get(0);
        assertThat(executor.getResources().getLimits())
                .containsEntry("nvidia.com/gpu", Quantity.parse("1"))
                .containsEntry("memory", Quantity.parse("7168Mi"));
        assertThat(executor.getResources().getRequests()).containsEntry("cpu", Quantity.parse("3"));
        assertThat(executor.getEnv())
                .contains(new EnvVar("FOCALDISTILL_ENGINE", "cuda", null))
                .anyMatch(variable -> variable.getName().equals("SPARK_CLASSPATH")
                        && variable.getValue().startsWith("/opt/focaldistill/spark-job/target/focaldistill.jar:"));
    }

    @Test
    void kubernetes_mounts_a_claim_and_keeps_the_sweep_there_unless_told_otherwise() throws Exception {
        SparkSubmitArguments sweep =
                sweep("kubernetes.sh", kubernetes("--claim", "shared", "--service-account", "worker", "--cores", "4"));
        assertThat(JavaConverters.seqAsJavaList(sweep.childArgs()))
                .containsSubsequence("--set", "paths.root=/data/focaldistill");
        PodSpec pod = ExecutorPod.of(settings(sweep)).getSpec();
        assertThat(pod.getServiceAccountName()).isEqualTo("worker");
        assertThat(pod.getVolumes())
                .filteredOn(volume -> volume.getPersistentVolumeClaim() != null)
                .singleElement()
                .satisfies(
                        volume -> assertThat(volume.getPersistentVolumeClaim().getClaimName())
                                .isEqualTo("shared"));
        assertThat(pod.getContainers().get(0).getVolumeMounts())
                .anyMatch(mount -> mount.getMountPath().equals("/data"));
        assertThat(pod.getContainers().get(0).getResources().getRequests())
                .containsEntry("cpu", Quantity.parse("4"))
                .doesNotContainKey("nvidia.com/gpu");
    }

    @Test
    void kubernetes_says_what_it_needs() throws Exception {
        assertThat(run(Map.of(), "kubernetes.sh", "--master", "k8s://https://host:6443"))
                .contains("name the image with --image");
        assertThat(run(Map.of(), "kubernetes.sh", "--image", "one", "--master", "host:6443"))
                .isEqualTo("kubernetes.sh: give the API server as --master k8s://https://HOST:PORT, found 'host:6443';"
                        + " kubectl cluster-info prints its URL\n");
        assertThat(run(Map.of(), "kubernetes.sh", kubernetes("--executors", "none")))
                .contains("take a number from 1");
    }

    private static String[] kubernetes(String... more) {
        List<String> arguments = new ArrayList<>(List.of("--image", "one", "--master", "k8s://https://host:6443"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    @Test
    void nd4j_on_a_gpu_is_refused_where_the_project_is_built_without_it() throws Exception {
        assertThat(run(Map.of(), "local-gpu.sh", "--set", "run.engine=nd4j-cuda"))
                .contains("a release has no ND4J for CUDA; take a clone");
        Files.createFile(folder.resolve("project/pom.xml"));
        assertThat(run(Map.of(), "local-gpu.sh", "--set", "run.engine=nd4j-cuda"))
                .contains("build it: mvn -Pcuda clean package");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).noneMatch(file -> file.getFileName().toString().startsWith("call-"));
        }
    }

    @Test
    void settings_of_spark_reach_preparing_and_reporting_too_which_run_here() throws Exception {
        sweep("standalone.sh", "--master", "spark://host:7077", "--conf", "spark.hadoop.dfs.replication=1");
        try (Stream<Path> calls = Files.list(folder)) {
            List<SparkSubmitArguments> others = new ArrayList<>();
            for (Path call : calls.filter(file -> file.getFileName().toString().matches("call-.*-0"))
                    .toList()) {
                String line = Files.readString(call);
                others.add(parsed(List.of(line.substring(0, line.length() - 1).split("\0", -1))));
            }
            assertThat(others)
                    .extracting(call ->
                            JavaConverters.seqAsJavaList(call.childArgs()).get(0))
                    .containsExactlyInAnyOrder("prepare", "report");
            assertThat(others).allSatisfy(call -> {
                assertThat(settings(call)).containsEntry("spark.hadoop.dfs.replication", "1");
                assertThat(call.master()).isEqualTo("local[*]");
            });
        }
    }

    @Test
    void yarn_says_what_it_needs() throws Exception {
        assertThat(run(Map.of(), "yarn.sh"))
                .contains("set HADOOP_CONF_DIR to the folder with the cluster's yarn-site.xml");
        for (String variable : List.of("HADOOP_CONF_DIR", "YARN_CONF_DIR")) {
            assertThat(run(Map.of(variable, "/no where"), "focaldistill", "--master", "yarn"))
                    .isEqualTo("focaldistill: " + variable + "=/no where is no folder; correct or unset it\n");
        }
        assertThat(run(Map.of(), "yarn.sh", "--executors", "0")).contains("take a number from 1");
        assertThat(run(Map.of(), "yarn.sh", "--help"))
                .contains("HADOOP_CONF_DIR=/path/to/conf submit-scripts/yarn.sh")
                .doesNotContain("set -euo");
    }

    @Test
    void secrets_in_a_file_reach_spark_and_no_command_line() throws Exception {
        Path file = folder.resolve("secure.properties");
        Files.writeString(
                file,
                Files.readString(CONF.resolve("spark-secure.properties"))
                        .replace("#spark.authenticate.secret       ...", "spark.authenticate.secret wJalrXUtnFEMI"));
        for (String script : List.of("standalone.sh", "yarn.sh")) {
            String master = script.equals("yarn.sh") ? "" : "spark://host:7077";
            List<String> arguments = new ArrayList<>(List.of("--properties-file", file.toString()));
            if (!master.isEmpty()) {
                arguments.addAll(List.of("--master", master));
            }
            List<String> line = sweepLine(script, arguments.toArray(String[]::new));
            assertThat(line).noneMatch(argument -> argument.contains("wJalrXUtnFEMI"));
            assertThat(settings(parsed(line)))
                    .containsEntry("spark.authenticate", "true")
                    .containsEntry("spark.authenticate.secret", "wJalrXUtnFEMI")
                    .containsEntry("spark.network.crypto.authEngineVersion", "2")
                    .containsEntry("spark.io.encryption.keySizeBits", "256");
        }
    }

    @Test
    void options_for_spark_that_say_nothing_are_refused_before_anything_starts() throws Exception {
        assertThat(run(Map.of(), "focaldistill", "--master")).contains("focaldistill: --master needs a URL");
        for (String setting : List.of("nonsense", "=x", "other.name=x", "spark.name")) {
            assertThat(run(Map.of(), "focaldistill", "--conf", setting, "models"))
                    .isEqualTo("focaldistill: --conf needs a setting of Spark, spark.NAME=VALUE, found '" + setting
                            + "'\n");
        }
        assertThat(run(Map.of(), "focaldistill", "--properties-file", "nowhere", "models"))
                .isEqualTo("focaldistill: --properties-file: there is no file 'nowhere'\n");
        assertThat(run(Map.of(), "focaldistill", "--master", "yarn")).contains("needs HADOOP_CONF_DIR");
    }

    @Test
    void a_folder_for_natives_may_have_blanks_in_its_name() throws Exception {
        Path natives = folder.resolve("my natives");
        List<String> line = sweepLine(Map.of("FOCALDISTILL_NATIVES", natives.toString()), "focaldistill", "sweep");
        assertThat(parsed(line).driverExtraJavaOptions())
                .doesNotContain("maxbytes")
                .endsWith(" \"-Dorg.bytedeco.javacpp.cachedir=" + natives + "\" \"-Djna.tmpdir=" + natives + "\"");
    }

    private SparkSubmitArguments sweep(String script, String... arguments) throws Exception {
        return parsed(sweepLine(script, arguments));
    }

    private static SparkSubmitArguments parsed(List<String> line) {
        return new SparkSubmitArguments(
                JavaConverters.asScalaBuffer(line).toSeq(),
                new scala.collection.immutable.Map.Map1<>("HADOOP_CONF_DIR", "conf"));
    }

    private static Map<String, String> settings(SparkSubmitArguments arguments) {
        return JavaConverters.mapAsJavaMap(arguments.sparkProperties());
    }

    /** What spark-submit is given for the script's command sweep. */
    private List<String> sweepLine(String script, String... arguments) throws Exception {
        return sweepLine(Map.of("HADOOP_CONF_DIR", folder.toString()), script, arguments);
    }

    private List<String> sweepLine(Map<String, String> more, String script, String... arguments) throws Exception {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("SPARK_HOME", folder.resolve("spark-home").toString());
        environment.put("CIFAR100_DIR", folder.toString());
        String output = run(environment, script, arguments);
        try (Stream<Path> calls = Files.list(folder)) {
            Path call = calls.filter(file -> file.getFileName().toString().matches("call-.*-1"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("spark-submit was not called: " + output));
            List<String> line = List.of(Files.readString(call).split("\0", -1));
            Files.delete(call);
            return line.subList(0, line.size() - 1);
        }
    }

    /** Its output. */
    private String run(Map<String, String> environment, String script, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(scripts.resolve(script).toString()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(name ->
                        name.startsWith("SPARK_") || name.startsWith("FOCALDISTILL_") || name.endsWith("_CONF_DIR"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return output;
    }
}
