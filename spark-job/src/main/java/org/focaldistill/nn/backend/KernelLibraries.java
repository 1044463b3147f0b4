package org.focaldistill.nn.backend;

import org.focaldistill.nn.KernelLibrary;
import org.focaldistill.nn.nd4j.Nd4jLibrary;
import org.focaldistill.nn.onednn.OneDnnLibrary;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses what a network's layers run on: oneDNN for float on a CPU where its library loads, else ND4J's operations.
 * The system property {@code focaldistill.kernels=nd4j} rules oneDNN out.
 */
public final class KernelLibraries {
    private static final Logger LOG = LoggerFactory.getLogger(KernelLibraries.class);
    private static final KernelLibrary ND4J = new Nd4jLibrary();

    /** Whether oneDNN is loaded; known without loading it. */
    private static volatile boolean withOneDnn;

    private KernelLibraries() {}

    /** ND4J's backend, e.g. {@code CpuBackend}; loads its native library. */
    public static String backend() {
        return Nd4j.getBackend().getClass().getSimpleName();
    }

    /** What float networks run on here, for people. */
    public static String description() {
        return choose(DataType.FLOAT).description();
    }

    /** What float networks run on here, in a word: {@code onednn}, {@code nd4j-cpu} or {@code nd4j-cuda}. */
    public static String name() {
        if (choose(DataType.FLOAT) != ND4J) {
            return "onednn";
        }
        return backend().startsWith("Cpu") ? "nd4j-cpu" : "nd4j-cuda";
    }

    /**
     * Why float networks run on ND4J's operations here although the processor could do better; null where they run on
     * oneDNN, or on a GPU.
     */
    public static @Nullable String whySlow() {
        return OneDnn.LOADED.whyNot();
    }

    /** Frees what kernels keep for the calling thread; comes when it runs none. The next one gets it anew. */
    public static void freeScratchOfThread() {
        if (withOneDnn) {
            OneDnnLibrary.freeScratchOfThread();
        }
    }

    /** What a network of that type runs on; loads the native libraries when first asked. */
    public static KernelLibrary choose(DataType type) {
        KernelLibrary fast = type == DataType.FLOAT ? OneDnn.LOADED.library() : null;
        return fast == null ? ND4J : fast;
    }

    /**
     * oneDNN in this process.
     *
     * @param whyNot why there is none where it should be
     */
    private record Loaded(
            @Nullable KernelLibrary library, @Nullable String whyNot) {}

    /** Loads the native library when first asked for, after ND4J's (whose OpenMP runtime should win). */
    private static final class OneDnn {
        private static final Loaded LOADED = load();

        private static Loaded load() {
            if (!backend().startsWith("Cpu")) {
                return new Loaded(null, null);
            }
            if ("nd4j".equals(System.getProperty("focaldistill.kernels"))) {
                return new Loaded(null, "the system property focaldistill.kernels=nd4j rules oneDNN out");
            }
            try {
                KernelLibrary fast = new OneDnnLibrary(ND4J);
                withOneDnn = true;
                return new Loaded(fast, null);
            } catch (LinkageError | RuntimeException e) {
                LOG.warn("oneDNN does not load here, layers run on ND4J's slower operations: {}", e.toString());
                return new Loaded(null, "oneDNN does not load: " + e);
            }
        }
    }
}
