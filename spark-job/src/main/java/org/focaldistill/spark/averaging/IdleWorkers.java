package org.focaldistill.spark.averaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.focaldistill.nn.averaging.RoundWorker;

/**
 * Workers' networks of this JVM between two rounds: a round is often shorter than it takes to build one. Trials end
 * without a word to the executors, so only the last used are kept.
 */
final class IdleWorkers {
    static final IdleWorkers OF_THIS_JVM = new IdleWorkers();
    /** As many as may train at a time. */
    private static final int KEPT = Math.max(2, Runtime.getRuntime().availableProcessors());

    private final Deque<Idle> idle = new ArrayDeque<>();

    private record Idle(String training, RoundWorker worker) {}

    /**
     * One that nobody else has.
     *
     * @param training which training it belongs to
     * @param source makes one if there is none
     */
    RoundWorker take(String training, WorkerSource source) {
        synchronized (idle) {
            for (Iterator<Idle> each = idle.iterator(); each.hasNext(); ) {
                Idle found = each.next();
                if (found.training().equals(training)) {
                    each.remove();
                    return found.worker();
                }
            }
        }
        try {
            return source.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void giveBack(String training, RoundWorker worker) {
        Idle surplus;
        synchronized (idle) {
            idle.addFirst(new Idle(training, worker));
            surplus = idle.size() > KEPT ? idle.removeLast() : null;
        }
        if (surplus != null) {
            surplus.worker().close();
        }
    }
}
