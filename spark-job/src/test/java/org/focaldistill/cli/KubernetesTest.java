package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.testing.BuiltProject;
import org.focaldistill.testing.ContainerImage;
import org.focaldistill.testing.Kubelet;
import org.focaldistill.testing.Kubernetes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sweep of kubernetes.sh through Spark's own client of Kubernetes, against an API server that keeps what it is told, in pods
 * that are processes of this machine.
 */
class KubernetesTest {
    private static final Pattern REQUEST =
            Pattern.compile("([A-Z]+) /api/v1/namespaces/sweeps/([a-z]+)(/[^?]+)?(\\?.*)?");
    private static final Path SWEEP = Path.of("..", "submit-scripts", "kubernetes", "sweep.yaml");
    private static final FaultTable TABLE = new FaultTable();

    @TempDir
    private static Path folder;

    private static Kubernetes kubernetes;
    private static Kubelet kubelet;
    private static Path project;
    private static List<HasMetadata> objects;
    private static ContainerImage image;

    @BeforeAll
    static void start() throws IOException {
        project = BuiltProject.in(folder.resolve("project"));
        image = ContainerImage.of(project.resolve("submit-scripts/kubernetes/Dockerfile"));
        image.build(project, folder.resolve("image"));
        kubernetes = new Kubernetes();
        objects = load(Files.readString(SWEEP, StandardCharsets.UTF_8));
        kubelet = new Kubelet(kubernetes, folder.resolve("pods"), image, folder.resolve("image"));
    }

    @AfterAll
    static void stop() {
        System.out.println(TABLE);
        kubelet.close();
        kubernetes.close();
    }

    @Test
    void the_image_takes_what_is_in_the_project_or_what_the_build_makes() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"), StandardCharsets.UTF_8);
        assertThat(pom).contains("<finalName>focaldistill</finalName>");
        assertThat(image.copies().keySet())
                .contains(Path.of("spark-job/target/focaldistill.jar"))
                .allSatisfy(source -> assertThat(source.equals(Path.of("spark-job/target/focaldistill.jar"))
                                || pom.contains("${project.build.directory}/focaldistill/" + source.getFileName() + "<")
                                || Files.isDirectory(Path.of("..").resolve(source)))
                        .as(source.toString())
                        .isTrue());
    }

    @Test
    void the_job_of_the_driver_runs_the_script_with_files_of_the_image_and_rights_of_its_own() {
        PodSpec driver = only(Job.class).getSpec().getTemplate().getSpec();
        assertThat(driver.getServiceAccountName())
                .isEqualTo(only(ServiceAccount.class).getMetadata().getName())
                .isEqualTo(only(RoleBinding.class).getSubjects().get(0).getName());
        assertThat(only(RoleBinding.class).getRoleRef().getName())
                .isEqualTo(only(Role.class).getMetadata().getName());
        Container container = driver.getContainers().get(0);
        assertRunsTheScript(container);
        assertThat(container.getArgs()).doesNotContain("--gpu", "--trials-per-gpu");
    }

    @Test
    void with_the_lines_for_gpus_it_asks_for_one_a_pod_of_executors_and_trains_there() throws IOException {
        String lines = Files.readString(SWEEP, StandardCharsets.UTF_8).replaceAll("(?m)^( +)# - ", "$1- ");
        Container container = first(Job.class, load(lines))
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0);
        assertRunsTheScript(container);
        assertThat(container.getArgs())
                .hasSize(4
                        + only(Job.class)
                                .getSpec()
                                .getTemplate()
                                .getSpec()
                                .getContainers()
                                .get(0)
                                .getArgs()
                                .size())
                // Which asks for nvidia.com/gpu by itself: see SubmitScriptsTest.
                .containsSubsequence("--trials-per-gpu", "8", "--set", "run.engine=cuda");
        assertThat(container.getResources().getLimits()).containsOnlyKeys("memory");
    }

    private static void assertRunsTheScript(Container container) {
        assertThat(container.getArgs().get(0)).endsWith("/kubernetes.sh");
        assertThat(container.getArgs())
                .filteredOn(argument -> argument.startsWith("/"))
                .hasSize(2)
                .allSatisfy(path -> assertThat(folder.resolve("image" + path)).isRegularFile());
        assertThat(container.getArgs())
                .containsSubsequence("--image", container.getImage())
                .containsSubsequence(
                        "--claim",
                        only(PersistentVolumeClaim.class).getMetadata().getName());
    }

    private static List<HasMetadata> load(String yaml) {
        return kubernetes
                .client()
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items();
    }

    private static <T> T only(Class<T> kind) {
        return first(kind, objects);
    }

    private static <T> T first(Class<T> kind, List<HasMetadata> objects) {
        return objects.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Tag("slow")
    void a_pod_that_is_deleted_is_followed_by_another_and_its_trial_goes_on() throws Exception {
        Path root = Files.createDirectories(folder.resolve("root"));
        Path config = Files.writeString(folder.resolve("sweep.conf"), SmallSweep.config(), StandardCharsets.UTF_8);
        Program sweep = script("--generated", "-c", config.toString(), "--set", "paths.root=" + root);
        sweep.awaitSight(() -> FaultyCluster.newestEpochs(root).size() == 2, "checkpoint of both trials");
        List<Pod> pods = kubernetes.pods();
        assertThat(pods).hasSize(2).allSatisfy(KubernetesTest::assertIsAsAsked);
        kubernetes.client().resource(pods.get(0)).delete();
        sweep.awaitSight(() -> requests("POST") == 3, "pod in its place");
        assertThat(sweep.exitCode()).as(sweep.output()).isZero();

        SweepFolder found = SweepFolder.of(root);
        found.assertExactlyThePlansRows();
        assertThat(found.attempts())
                .extracting(AttemptRow::end)
                // Nothing is lost if it has just gone from one leg to the next.
                .isSubsetOf(AttemptRow.End.LOST, AttemptRow.End.OK);
        Path calm = folder.resolve("calm");
        Program local = Program.start(
                folder,
                "sweep",
                "-c",
                config.toString(),
                "--set",
                "paths.root=" + root,
                "--set",
                "paths.results=" + calm.resolve("results"));
        assertThat(local.exitCode()).as(local.output()).isZero();
        found.assertSameNumbersAs(SweepFolder.of(calm));
        assertThat(kubernetes.pods()).isEmpty();
        assertThat(kubernetes.requests()).allSatisfy(KubernetesTest::assertIsAllowed);
        TABLE.add(
                "a pod of Kubernetes is deleted in mid-trial",
                "Spark asks for another one, and runs the leg again from its checkpoint, same numbers",
                found);
    }

    private static long requests(String method) {
        return kubernetes.requests().stream()
                .filter(request -> request.startsWith(method))
                .count();
    }

    private static void assertIsAsAsked(Pod pod) {
        assertThat(pod.getMetadata().getNamespace()).isEqualTo("sweeps");
        assertThat(pod.getMetadata().getLabels())
                .containsEntry("spark-role", "executor")
                .containsEntry("app.kubernetes.io/name", "focaldistill");
        PodSpec spec = pod.getSpec();
        assertThat(spec.getTerminationGracePeriodSeconds()).isEqualTo(70);
        assertThat(spec.getRestartPolicy()).isEqualTo("Never");
        assertThat(spec.getAutomountServiceAccountToken()).isFalse();
        assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(spec.getVolumes())
                .extracting(Volume::getName)
                .contains("natives", "tmp")
                .anyMatch(name -> name.startsWith("spark-local-dir"));
        assertThat(spec.getVolumes())
                .allSatisfy(volume -> assertThat(volume.getEmptyDir()).isNotNull());
        Container container = spec.getContainers().get(0);
        assertThat(container.getImage()).isEqualTo("registry.example/focaldistill:1");
        // 512 MiB of heap and the 5 GB beside it that the script asks for.
        assertThat(container.getResources().getLimits()).containsEntry("memory", Quantity.parse("4608Mi"));
        assertThat(container.getResources().getRequests()).containsEntry("cpu", Quantity.parse("1"));
        assertThat(container.getEnv())
                .contains(new EnvVar("OMP_NUM_THREADS", "1", null), new EnvVar("SPARK_EXECUTOR_CORES", "1", null))
                .extracting(EnvVar::getValue)
                .contains("-Dorg.bytedeco.javacpp.maxphysicalbytes=0", "--add-opens=java.base/java.nio=ALL-UNNAMED");
    }

    /** To the driver's service account, by kubernetes/sweep.yaml. */
    private static void assertIsAllowed(String request) {
        Matcher parts = REQUEST.matcher(request);
        assertThat(parts.matches()).as(request).isTrue();
        boolean one = parts.group(3) != null;
        String verb = switch (parts.group(1)) {
            case "GET" -> request.contains("watch=true") ? "watch" : one ? "get" : "list";
            case "DELETE" -> one ? "delete" : "deletecollection";
            case "POST" -> "create";
            default -> "patch";
        };
        assertThat(only(Role.class).getRules())
                .as(request)
                .anyMatch(rule ->
                        rule.getVerbs().contains(verb) && rule.getResources().contains(parts.group(2)));
    }

    private static Program script(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(project.resolve("submit-scripts/kubernetes.sh").toString()));
        command.addAll(List.of("--master", kubernetes.url(), "--image", "registry.example/focaldistill:1"));
        command.addAll(List.of("--namespace", "sweeps", "--conf", "spark.driver.host=127.0.0.1"));
        command.addAll(List.of("--conf", "spark.ui.enabled=false", "--conf", "spark.executor.memory=512m"));
        command.addAll(List.of(arguments));
        return Program.startScript(folder, Map.of(), command);
    }
}
