package org.focaldistill.spark.gpu;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.focaldistill.nn.backend.CudaDevice;
import org.focaldistill.text.Words;
import org.focaldistill.train.Engine;
import org.jspecify.annotations.Nullable;

/**
 * Which GPU a process uses. CUDA offers a process the devices that {@code CUDA_VISIBLE_DEVICES} names when it is first
 * called; with one name there, every thread of ND4J and CUDA is on that device, and its index is 0.
 *
 * @param gpu its address; null without one
 * @param given whether Spark gave it
 * @param gpuId NVIDIA's id of it; null if unknown
 * @param look what was seen of it
 * @param problem why this process can run no task; null if it can
 */
public record GpuBinding(
        @Nullable String gpu,
        boolean given,
        @Nullable String gpuId,
        CardLook look,
        @Nullable String problem) {
    static final String VISIBLE_DEVICES = "CUDA_VISIBLE_DEVICES";
    private static final String RESOURCE = "gpu";
    /** Before the reason, where the discovery script has no address to give. */
    private static final String NO_ADDRESS = "none: ";

    private static final GpuBinding NONE = without(
            "Spark gave it none. Set " + GpuSettings.EXECUTOR_AMOUNT
                    + "=1 (submit-scripts/standalone.sh --gpu), and start workers that hand out GPUs (gpu-discovery.sh --help)");

    private static volatile GpuBinding ofThisProcess = NONE;

    /**
     * Binds this process. Comes once, before anything loads ND4J.
     *
     * @param resources what Spark gave the executor
     * @param local whether it is in the driver, where Spark gives nothing
     */
    static GpuBinding ofThisProcess(Map<String, ResourceInformation> resources, boolean local) {
        ResourceInformation given = resources.get(RESOURCE);
        List<String> addresses = given == null ? List.of() : List.of(given.addresses());
        ofThisProcess = bind(addresses, local, System.getenv(VISIBLE_DEVICES));
        return ofThisProcess;
    }

    private static GpuBinding bind(List<String> addresses, boolean local, @Nullable String visible) {
        boolean nd4jCuda = CudaDevice.isWanted();
        if (addresses.size() > 1) {
            return broken("it got GPUs " + addresses + ", but a process is bound to one. Set "
                    + GpuSettings.EXECUTOR_AMOUNT
                    + "=1, and on YARN its isolation of GPUs, without which containers see those of others");
        }
        if (!addresses.isEmpty() && addresses.get(0).startsWith(NO_ADDRESS)) {
            return broken(addresses.get(0).substring(NO_ADDRESS.length()));
        }
        if (addresses.isEmpty() && !nd4jCuda) {
            return local ? ofLocalCard(visible) : NONE;
        }
        if (addresses.isEmpty() && !local) {
            return broken("ND4J's CUDA backend is on its class path, but Spark gave it no GPU. Set "
                    + GpuSettings.EXECUTOR_AMOUNT + "=1 (submit-scripts/standalone.sh --gpu)");
        }
        GpuChoice choice = addresses.isEmpty() ? GpuChoice.local(visible) : GpuChoice.of(addresses.get(0), visible);
        if (choice.problem() != null) {
            return broken(choice.problem());
        }
        try {
            ProcessEnvironment.set(VISIBLE_DEVICES, choice.device());
            asNvidiaSmiCounts();
        } catch (LinkageError | RuntimeException e) {
            return broken("GPU " + choice.gpu() + ": " + Words.reason(e));
        }
        return new GpuBinding(choice.gpu(), !addresses.isEmpty(), choice.id(), CardLook.now(), null);
    }

    /** CUDA's own order is by speed. */
    private static void asNvidiaSmiCounts() {
        ProcessEnvironment.set("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
    }

    /** The first card that is visible, if there is one: nothing else has to be bound for that. */
    private static GpuBinding ofLocalCard(@Nullable String visible) {
        GpuChoice choice = GpuChoice.local(visible);
        if (choice.problem() != null) {
            return without(choice.problem());
        }
        try {
            asNvidiaSmiCounts();
            return new GpuBinding(choice.gpu(), false, null, CardLook.now(), null);
        } catch (LinkageError | RuntimeException e) {
            return without("The environment can not be set: " + e);
        }
    }

    private static GpuBinding without(String noCard) {
        return new GpuBinding(null, false, null, CardLook.none(noCard), null);
    }

    private static GpuBinding broken(String problem) {
        return new GpuBinding(null, false, null, CardLook.none(problem), problem);
    }

    /** @param local whether it is in the driver */
    ExecutorReport report(String executor, String host, boolean local, MemoryLook memory) {
        boolean forCpus = !local && !given && problem == null;
        KernelLook kernels = forCpus ? KernelLook.now() : KernelLook.withoutLoading();
        return new ExecutorReport(executor, host, given ? gpu : null, gpuId, look, kernels, memory, problem);
    }

    /** The card that a local run would train on, or why there is none. */
    public static String describe() {
        CardLook local = ofLocalCard(System.getenv(VISIBLE_DEVICES)).look;
        return local.card() != null ? local.card() : "none that can be used: " + local.noCard();
    }

    /** What this process was given, for people. */
    public static String device() {
        GpuBinding bound = ofThisProcess;
        return bound.given ? "gpu " + bound.gpu : "cpu";
    }

    /** What an engine works on in this process, for the column {@code device}. */
    static String device(Engine engine) {
        return engine.kernels().endsWith("cuda") ? "gpu " + Objects.requireNonNullElse(ofThisProcess.gpu, "0") : "cpu";
    }

    /**
     * Sees to it that a task runs on what it was given.
     *
     * @throws IllegalStateException if this process is not bound to that
     */
    public static void verify(TaskContext task) {
        GpuBinding bound = ofThisProcess;
        if (bound.problem != null) {
            throw new IllegalStateException("Cannot run on this executor: " + bound.problem);
        }
        ResourceInformation given = task.resourcesJMap().get(RESOURCE);
        if (given != null && !Arrays.asList(given.addresses()).equals(List.of(String.valueOf(bound.gpu)))) {
            throw new IllegalStateException("Spark gave the task GPU " + Arrays.toString(given.addresses())
                    + ", but its executor is bound to " + device() + ". Set " + GpuSettings.EXECUTOR_AMOUNT
                    + "=1, and let no other program set spark.plugins");
        }
    }
}
