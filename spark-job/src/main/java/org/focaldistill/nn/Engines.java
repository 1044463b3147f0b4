package org.focaldistill.nn;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses what a network's layers run on: oneDNN for float on a CPU where its library loads, else ND4J's operations.
 * The system property {@code focaldistill.engine=nd4j} rules oneDNN out.
 */
public final class Engines {
    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);
    private static final Engine ND4J = new Nd4jEngine();

    private Engines() {}

    /** ND4J's backend, e.g. {@code CpuBackend}; loads its native library. */
    public static String backend() {
        return Nd4j.getBackend().getClass().getSimpleName();
    }

    /** What float networks run on here, for people. */
    public static String description() {
        return choose(DataType.FLOAT).description();
    }

    static Engine choose(DataType type) {
        Engine fast = type == DataType.FLOAT ? OneDnn.ENGINE : null;
        return fast == null ? ND4J : fast;
    }

    /** Loads the native library when first asked for, after ND4J's (whose OpenMP runtime should win). */
    private static final class OneDnn {
        private static final @Nullable Engine ENGINE = load();

        private static @Nullable Engine load() {
            if ("nd4j".equals(System.getProperty("focaldistill.engine"))) {
                return null;
            }
            boolean cpu = backend().startsWith("Cpu");
            if (!cpu) {
                return null;
            }
            try {
                return new OneDnnEngine();
            } catch (LinkageError | RuntimeException e) {
                LOG.warn("oneDNN does not load here, layers run on ND4J's slower operations: {}", e.toString());
                return null;
            }
        }
    }
}
