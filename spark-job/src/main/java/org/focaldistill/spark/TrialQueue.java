package org.focaldistill.spark;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Set;
import org.focaldistill.sweep.Trial;
import org.jspecify.annotations.Nullable;

/** The trials that have not begun, in the order of the plan. */
final class TrialQueue {
    private final LinkedList<Trial> waiting;
    /** Those that had begun before. */
    private final Set<String> again = new HashSet<>();

    TrialQueue(List<Trial> trials) {
        waiting = new LinkedList<>(trials);
    }

    synchronized @Nullable Trial poll() {
        return waiting.poll();
    }

    /** They had begun before, and are the next. */
    synchronized void addAgain(List<Trial> trials) {
        waiting.addAll(0, trials);
        trials.forEach(trial -> again.add(trial.id()));
    }

    /** Whether there are some that have never begun. */
    synchronized boolean hasNew() {
        return waiting.stream().anyMatch(trial -> !again.contains(trial.id()));
    }

    synchronized int size() {
        return waiting.size();
    }

    /**
     * Those that may fail for the same reason come last: they have the same student and teacher, and are trained in the
     * same way.
     */
    synchronized void postponeLike(Trial failed) {
        List<Trial> alike = new ArrayList<>();
        for (Iterator<Trial> each = waiting.iterator(); each.hasNext(); ) {
            Trial trial = each.next();
            if (isLike(failed, trial)) {
                each.remove();
                alike.add(trial);
            }
        }
        waiting.addAll(alike);
    }

    private static boolean isLike(Trial one, Trial other) {
        return one.student().equals(other.student())
                && one.teacher().equals(other.teacher())
                && one.workers() == other.workers()
                && one.computation().equals(other.computation());
    }
}
