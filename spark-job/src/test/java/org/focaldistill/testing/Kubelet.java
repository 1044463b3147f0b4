package org.focaldistill.testing;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs the pods of a {@link Kubernetes}: a container is a process of this machine with nothing but the environment that the pod
 * and the image say. What a container knows as a path of the image or of a volume is a folder of the test.
 */
public final class Kubelet implements AutoCloseable {
    private final Path folder;
    private final Path imageRoot;
    private final ContainerImage image;
    private final KubernetesClient client;
    private final Watch watch;
    private final Map<String, Process> processes = new ConcurrentHashMap<>();

    /**
     * Runs all pods from now on.
     *
     * @param folder for the pods' volumes and logs
     * @param imageRoot what the image was built to
     */
    public Kubelet(Kubernetes kubernetes, Path folder, ContainerImage image, Path imageRoot) {
        this.folder = folder;
        this.image = image;
        this.imageRoot = imageRoot;
        this.client = kubernetes.client();
        this.watch = client.pods().inAnyNamespace().watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, Pod pod) {
                if (action == Action.ADDED) {
                    start(pod);
                } else if (action == Action.MODIFIED && pod.isMarkedForDeletion()) {
                    end(pod);
                }
            }

            @Override
            public void onClose(WatcherException cause) {
                // The server has gone.
            }
        });
    }

    private static String nameOf(Pod pod) {
        return pod.getMetadata().getName();
    }

    private void start(Pod pod) {
        try {
            Path place = Files.createDirectories(folder.resolve(nameOf(pod)));
            Container container = pod.getSpec().getContainers().get(0);
            Map<String, Path> paths = paths(pod, container, place);
            List<String> command =
                    new ArrayList<>(container.getCommand().isEmpty() ? image.entrypoint() : container.getCommand());
            command.addAll(container.getArgs());
            command.replaceAll(word -> here(paths, word));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(place.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(place.resolve("log").toFile());
            builder.environment().clear();
            builder.environment().put("HOME", place.toString());
            builder.environment()
                    .put(
                            "PATH",
                            Path.of(System.getProperty("java.home"), "bin")
                                    + File.pathSeparator
                                    + System.getenv("PATH"));
            builder.environment().putAll(MachineEnvironment.variables());
            environment(pod, container)
                    .forEach((name, value) -> builder.environment().put(name, here(paths, value)));
            Process process = builder.start();
            processes.put(nameOf(pod), process);
            report(
                    pod,
                    "Running",
                    new ContainerStateBuilder().withNewRunning().endRunning().build());
            process.onExit()
                    .thenAccept(ended -> report(
                            pod,
                            ended.exitValue() == 0 ? "Succeeded" : "Failed",
                            new ContainerStateBuilder()
                                    .withNewTerminated()
                                    .withExitCode(ended.exitValue())
                                    .endTerminated()
                                    .build()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The pod is there until its process has ended. */
    private void end(Pod pod) {
        Process process = processes.get(nameOf(pod));
        process.destroy();
        if (!process.isAlive()) {
            change(pod, known -> known.editMetadata().withFinalizers().endMetadata());
        }
    }

    private void report(Pod pod, String phase, ContainerState state) {
        change(
                pod,
                known -> known.withNewStatus()
                        .withPhase(phase)
                        .withPodIP("127.0.0.1")
                        .addNewContainerStatus()
                        .withName(pod.getSpec().getContainers().get(0).getName())
                        .withState(state)
                        .endContainerStatus()
                        .endStatus());
    }

    private void change(Pod pod, UnaryOperator<PodBuilder> change) {
        PodResource known =
                client.pods().inNamespace(pod.getMetadata().getNamespace()).withName(nameOf(pod));
        Pod now = known.get();
        // Another event may have had it deleted.
        if (now != null) {
            Pod changed = change.apply(new PodBuilder(now)).build();
            if (now.getStatus().equals(changed.getStatus())) {
                known.patch(changed);
            } else {
                known.patchStatus(changed);
            }
        }
    }

    private Map<String, String> environment(Pod pod, Container container) {
        Map<String, String> environment = new HashMap<>(image.environment());
        for (EnvVar variable : container.getEnv()) {
            environment.put(
                    variable.getName(),
                    variable.getValueFrom() == null
                            ? String.valueOf(variable.getValue())
                            : switch (variable.getValueFrom().getFieldRef().getFieldPath()) {
                                case "status.podIP" -> "127.0.0.1";
                                case "metadata.name" -> nameOf(pod);
                                default -> throw new IllegalArgumentException(variable.toString());
                            });
        }
        return environment;
    }

    /** Where what the container knows by these paths is here. */
    private Map<String, Path> paths(Pod pod, Container container, Path place) throws IOException {
        Map<String, Path> paths = new HashMap<>();
        paths.put(image.top().toString(), imageRoot.resolve(Path.of("/").relativize(image.top())));
        Map<String, Volume> volumes =
                pod.getSpec().getVolumes().stream().collect(Collectors.toMap(Volume::getName, volume -> volume));
        for (VolumeMount mount : container.getVolumeMounts()) {
            Volume volume = volumes.get(mount.getName());
            if (volume.getEmptyDir() == null) {
                throw new IllegalArgumentException("Only empty folders are known here: " + volume);
            }
            paths.put(mount.getMountPath(), Files.createDirectories(place.resolve("volumes/" + volume.getName())));
        }
        return paths;
    }

    private static String here(Map<String, Path> paths, String text) {
        String any = paths.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
        return Pattern.compile("(?<![\\w/.-])(" + any + ")(?![\\w.-])")
                .matcher(text)
                .replaceAll(path ->
                        Matcher.quoteReplacement(paths.get(path.group(1)).toString()));
    }

    /** What all pods have printed. */
    public String logs() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String pod : processes.keySet()) {
            text.append(Files.readString(folder.resolve(pod).resolve("log"), StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    @Override
    public void close() {
        watch.close();
        processes.values().forEach(Process::destroyForcibly);
    }
}
