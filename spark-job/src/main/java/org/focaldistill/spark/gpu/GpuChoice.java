package org.focaldistill.spark.gpu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A GPU as CUDA is to be told of it.
 *
 * @param gpu its address
 * @param id NVIDIA's id of it; null if unknown
 * @param device its name in {@code CUDA_VISIBLE_DEVICES}
 * @param problem why it can not be used; null if it can
 */
record GpuChoice(
        String gpu,
        @Nullable String id,
        String device,
        @Nullable String problem) {
    private static final String ALL_HIDDEN =
            "CUDA_VISIBLE_DEVICES is set and names no GPU, which hides all of them: name one or unset the variable";

    /**
     * The first one this process may see.
     *
     * @param visible its {@code CUDA_VISIBLE_DEVICES}; null if not set, empty hides all as it does for CUDA
     */
    static GpuChoice local(@Nullable String visible) {
        if (visible == null) {
            return new GpuChoice("0", null, "0", null);
        }
        List<String> names = names(visible);
        return names.isEmpty()
                ? new GpuChoice("0", null, "", ALL_HIDDEN)
                : new GpuChoice(names.get(0), null, names.get(0), null);
    }

    /**
     * The one of an address.
     *
     * @param address as the discovery script gave it
     * @param visible the process's {@code CUDA_VISIBLE_DEVICES}; null if not set, empty hides all
     */
    static GpuChoice of(String address, @Nullable String visible) {
        return of(address, idOf(address), visible);
    }

    static GpuChoice of(String address, @Nullable String id, @Nullable String visible) {
        if (visible == null) {
            return new GpuChoice(address, id, address, null);
        }
        List<String> names = names(visible);
        if (names.isEmpty()) {
            return new GpuChoice(address, id, "", ALL_HIDDEN);
        }
        if (names.contains(address)) {
            return new GpuChoice(address, id, address, null);
        }
        for (String name : names) {
            // NVIDIA lets ids be shortened. Where the id is unknown, a single one is taken at its word.
            if (isId(name) && (id == null ? names.size() == 1 : id.startsWith(name))) {
                return new GpuChoice(address, id, name, null);
            }
        }
        return new GpuChoice(
                address,
                id,
                "",
                "Spark gave it GPU " + address + ", but CUDA_VISIBLE_DEVICES=" + visible + " hides that one. Let the"
                        + " discovery script hand out only GPUs that are visible, as submit-scripts/gpu-discovery.sh"
                        + " does, or leave the variable out");
    }

    private static boolean isId(String name) {
        return name.startsWith("GPU-") || name.startsWith("MIG-");
    }

    private static List<String> names(String visible) {
        return Arrays.stream(visible.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** NVIDIA's id of a GPU; null if its tool is not there or does not know the address. */
    private static @Nullable String idOf(String address) {
        try {
            Process process = new ProcessBuilder(
                            "nvidia-smi", "--query-gpu=uuid", "--format=csv,noheader", "-i", address)
                    .redirectErrorStream(true)
                    .start();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return null;
            }
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.exitValue() == 0 && isId(answer) ? answer : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
