package org.focaldistill.spark.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.service.launcher.IrqHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ctrl-C and what other programs send to end this one. The first signal ends the process as {@link System#exit} does, with
 * the time that hooks take to save; another one ends it at once, to which the JVM itself does not listen by then.
 */
final class StopSignals {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);
    /** Ctrl-C; what {@code kill}, YARN and Kubernetes send; a terminal that is closed. */
    private static final List<String> NAMES = List.of("INT", "TERM", "HUP");
    /** 128 and the number of SIGINT, whichever it was. */
    private static final int INTERRUPTED = 130;
    /** Who signals all processes of a group reaches this one also by a script that passes it on. */
    private static final Duration ONE_SIGNAL = Duration.ofSeconds(1);

    private static final AtomicBoolean HANDLED = new AtomicBoolean();
    private static final AtomicReference<@Nullable Long> FIRST = new AtomicReference<>();

    private StopSignals() {}

    /** Listens from now on; signals that the process was started to ignore stay ignored. */
    static void handle() {
        if (!HANDLED.compareAndSet(false, true)) {
            return;
        }
        for (String name : NAMES) {
            try {
                new IrqHandler(name, signal -> end()).bind();
            } catch (IllegalArgumentException e) {
                // Java was told to leave signals alone (-Xrs).
                LOG.debug("Signals {} are not handled", name, e);
            }
        }
    }

    /** Each signal has a thread of its own. */
    private static void end() {
        long now = System.nanoTime();
        Long first = FIRST.compareAndExchange(null, now);
        if (first == null) {
            System.exit(INTERRUPTED);
        } else if (now - first > ONE_SIGNAL.toNanos()) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
    }
}
