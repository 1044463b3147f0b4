package org.focaldistill.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** The trials of a results folder that were begun and have not ended: a folder of checkpoints each. */
public final class OpenTrials {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final String FOLDER = "checkpoints";
    private static final String MARK = "attempt.json";

    private final Configuration configuration;
    private final FileSystem files;
    private final Path folder;

    /** @param results a results folder, which need not exist yet */
    public OpenTrials(Configuration configuration, Path results) throws IOException {
        this.configuration = configuration;
        this.files = results.getFileSystem(configuration);
        this.folder = new Path(results, FOLDER);
    }

    /** Where a trial's checkpoints are; the folder goes when the trial has its outcome. */
    public Path checkpoints(String trialId) {
        return new Path(folder, trialId);
    }

    /** An attempt begins. */
    public void begin(AttemptMark mark) throws IOException {
        AtomicFiles.replace(files, new Path(checkpoints(mark.trial().id()), MARK), JSON.writeValueAsBytes(mark));
    }

    /** The driver makes no further attempt at a trial. One that failed before its attempts began has left no mark. */
    public void giveUp(String trialId) throws IOException {
        AttemptMark mark = mark(checkpoints(trialId));
        if (mark != null) {
            begin(mark.asGivenUp());
        }
    }

    /** The driver will make further attempts at a trial all the same, from some time on. */
    public void takeUp(String trialId, Instant at) throws IOException {
        AttemptMark mark = mark(checkpoints(trialId));
        if (mark != null) {
            begin(mark.again(at));
        }
    }

    /** Deletes what is here of trials that have an outcome: who committed it may have been killed before that. */
    public void forget(Set<String> finished) throws IOException {
        if (!files.exists(folder)) {
            return;
        }
        for (FileStatus trial : files.listStatus(folder)) {
            if (finished.contains(trial.getPath().getName())) {
                new CheckpointFiles(configuration, trial.getPath()).delete();
            }
        }
    }

    /** All of them, by trial id. Trials that end meanwhile may be among them or not. */
    public List<OpenTrial> list() throws IOException {
        if (!files.exists(folder)) {
            return List.of();
        }
        List<OpenTrial> open = new ArrayList<>();
        for (FileStatus status : files.listStatus(folder)) {
            if (status.isDirectory()) {
                open.add(read(status.getPath()));
            }
        }
        open.sort(Comparator.comparing(OpenTrial::id));
        return open;
    }

    /** Completed epochs in the newest checkpoint of those that have one, by trial id. */
    public Map<String, Integer> savedEpochs() throws IOException {
        List<FileStatus> trials;
        try {
            trials = List.of(files.listStatus(folder));
        } catch (FileNotFoundException e) {
            return Map.of();
        }
        List<Integer> epochs =
                ParallelReads.all(trials, trial -> new CheckpointFiles(configuration, trial.getPath()).newestEpoch());
        Map<String, Integer> saved = new TreeMap<>();
        for (int i = 0; i < trials.size(); i++) {
            if (epochs.get(i) > 0) {
                saved.put(trials.get(i).getPath().getName(), epochs.get(i));
            }
        }
        return saved;
    }

    private OpenTrial read(Path trial) throws IOException {
        CheckpointFiles.Saved newest = new CheckpointFiles(configuration, trial).newestSaved();
        AttemptMark mark = mark(trial);
        return newest == null
                ? new OpenTrial(trial.getName(), mark, 0, null)
                : new OpenTrial(trial.getName(), mark, newest.epoch(), sinceMark(trial, newest));
    }

    private @Nullable Duration sinceMark(Path trial, CheckpointFiles.Saved newest) throws IOException {
        try {
            FileStatus mark = files.getFileStatus(new Path(trial, MARK));
            Duration since = Duration.between(Instant.ofEpochMilli(mark.getModificationTime()), newest.at());
            return since.isNegative() ? null : since;
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    private @Nullable AttemptMark mark(Path trial) throws IOException {
        Path file = new Path(trial, MARK);
        try (FSDataInputStream in = files.open(file)) {
            return JSON.readValue(in.readAllBytes(), AttemptMark.class);
        } catch (FileNotFoundException e) {
            return null;
        } catch (JsonProcessingException e) {
            throw new IOException("Cannot read " + file + ", delete it to go on without it: " + e.getOriginalMessage());
        }
    }
}
