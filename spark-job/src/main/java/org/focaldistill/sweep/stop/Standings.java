package org.focaldistill.sweep.stop;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.Trial;
import org.jspecify.annotations.Nullable;

/**
 * Where a sweep's trials stand among each other as they go on. Compared are trials of one teacher, student, recipe and data
 * set, and of one data seed, as that chooses the held-out images. Baselines and references are what others are compared
 * with, so they are trained to their ends. Several threads may use it.
 */
public final class Standings {
    private static final Set<Role> NEVER_STOPPED = EnumSet.of(Role.BASELINE, Role.REFERENCE);

    private final StopRules rules;
    private final Map<String, Standing> standings = new LinkedHashMap<>();

    /** What trials have in common that are compared. */
    private record Peers(DataRef data, String teacherHash, String student, Recipe recipe, long dataSeed) {
        static Peers of(Trial trial) {
            return new Peers(trial.data(), trial.teacherHash(), trial.student(), trial.recipe(), trial.dataSeed());
        }
    }

    private static final class Standing {
        private final int epochs;
        private final Peers peers;
        private final boolean mayStop;
        private List<HeldOut> course = List.of();
        private boolean ended;
        private @Nullable Stop stop;

        Standing(PlannedTrial planned) {
            this.epochs = planned.trial().recipe().epochs();
            this.peers = Peers.of(planned.trial());
            this.mayStop = Collections.disjoint(planned.roles(), NEVER_STOPPED);
        }

        boolean isGoneBefore(int epoch) {
            return (ended || stop != null) && course.size() < epoch;
        }
    }

    /**
     * Of trials that have not begun.
     *
     * @throws IllegalArgumentException if some of them may be stopped and have no held-out images
     */
    public Standings(StopRules rules, List<PlannedTrial> trials) {
        this.rules = rules;
        for (PlannedTrial planned : trials) {
            if (rules.stopsAny() && planned.trial().data().validationImages() == 0) {
                throw new IllegalArgumentException("Trials can not be stopped early without held-out images: what"
                        + " compares them would be the test images, which are for the end, or the training loss, which"
                        + " is another yardstick in every cell");
            }
            standings.put(planned.trial().id(), new Standing(planned));
        }
    }

    /**
     * What a trial has reached; of one that is not among the trials nothing is noted.
     *
     * @param course all its completed epochs, from the first on
     */
    public synchronized void reached(String trialId, List<HeldOut> course) {
        Standing standing = standings.get(trialId);
        if (standing != null && course.size() > standing.course.size()) {
            standing.course = List.copyOf(course);
        }
    }

    /** A trial has its outcome, whichever. */
    public synchronized void ended(String trialId) {
        Standing standing = standings.get(trialId);
        if (standing != null) {
            standing.ended = true;
        }
    }

    /**
     * Whether a trial is to end, now that a leg of it has. One that is to stays so.
     *
     * @param before completed epochs when the leg began
     * @param reached completed epochs
     * @return null if it goes on
     */
    public synchronized @Nullable Stop stop(String trialId, int before, int reached) {
        Standing standing = standings.get(trialId);
        if (standing == null || !standing.mayStop || standing.ended) {
            return null;
        }
        if (standing.stop == null) {
            OptionalInt epoch = rules.compared(before, reached, standing.epochs);
            if (epoch.isPresent() && epoch.getAsInt() <= standing.course.size()) {
                standing.stop = compare(standing, epoch.getAsInt(), reached);
            }
        }
        return standing.stop;
    }

    private @Nullable Stop compare(Standing standing, int epoch, int reached) {
        String reason = rules.against(value(standing, epoch), rivals(standing, epoch));
        return reason == null
                ? null
                : new Stop(
                        reached,
                        "stopped at epoch " + reached + " of " + standing.epochs + " by "
                                + (rules.rule() == StopRules.Rule.MEDIAN ? "the median rule" : "halving")
                                + ": at epoch "
                                + epoch + " " + reason);
    }

    private double value(Standing standing, int epoch) {
        return rules.by().of(standing.course.get(epoch - 1));
    }

    private Rivals rivals(Standing of, int epoch) {
        List<Double> values = new ArrayList<>();
        int gone = 0;
        for (Standing other : standings.values()) {
            if (other == of || !other.peers.equals(of.peers)) {
                continue;
            }
            if (other.isGoneBefore(epoch)) {
                gone++;
            } else if (other.course.size() >= epoch && Double.isFinite(value(other, epoch))) {
                values.add(value(other, epoch));
            }
        }
        return new Rivals(values.stream().mapToDouble(Double::doubleValue).toArray(), gone);
    }
}
