package org.focaldistill.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.focaldistill.sweep.OpenEpochRow;
import org.focaldistill.sweep.Trial;

/**
 * What trials without an outcome have reached: table {@code open_epochs/}, a file a trial that is replaced as the trial
 * goes on and deleted with its commit. A trial is open as long as {@code trials/} has no row of it, whatever is here: an
 * attempt that was given up for lost may still write when another one has ended.
 */
public final class OpenEpochs {
    private final TableFiles<OpenEpochRow> files;
    private final Finished finished;

    /** Which trials have an outcome. */
    interface Finished {
        Set<String> ids() throws IOException;
    }

    OpenEpochs(TableFiles<OpenEpochRow> files, Finished finished) {
        this.files = files;
        this.finished = finished;
    }

    TableFiles<OpenEpochRow> files() {
        return files;
    }

    /**
     * Replaces what there is of a trial.
     *
     * @param course all its epochs so far, at least one
     */
    public void write(List<OpenEpochRow> course) throws IOException {
        Trial trial = course.get(0).trial();
        String id = trial.id();
        for (OpenEpochRow row : course) {
            if (!row.trial().equals(trial) || !row.epoch().trialId().equals(id)) {
                throw new IllegalArgumentException(
                        "Cannot write epochs of trial " + row.epoch().trialId() + " to those of " + id);
            }
        }
        files.replace(id, course);
    }

    void delete(String trialId) throws IOException {
        files.delete(trialId);
    }

    /** The courses of all trials without an outcome, by trial id, in order of epochs. */
    public Map<String, List<OpenEpochRow>> courses() throws IOException {
        Set<String> ended = finished.ids();
        Map<String, List<OpenEpochRow>> courses = new LinkedHashMap<>();
        for (OpenEpochRow row : files.rows(name -> isOpen(name, ended))) {
            courses.computeIfAbsent(row.epoch().trialId(), id -> new ArrayList<>())
                    .add(row);
        }
        return courses;
    }

    /** A trial's course; none if it has an outcome. */
    public List<OpenEpochRow> course(String trialId) throws IOException {
        if (finished.ids().contains(trialId)) {
            return List.of();
        }
        List<OpenEpochRow> own = files.own(trialId);
        return own == null ? List.of() : own;
    }

    /** Whether a file of this name has rows that count. */
    static boolean isOpen(String name, Collection<String> finished) {
        return !TableFiles.isPack(name) && !finished.contains(name);
    }
}
