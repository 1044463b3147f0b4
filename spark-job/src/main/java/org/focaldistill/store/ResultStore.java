package org.focaldistill.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.ReliabilityRow;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.TrialOutcome;
import org.jspecify.annotations.Nullable;

/**
 * The results of all sweeps under one directory, as Parquet tables {@code plan/}, {@code attempts/}, {@code trials/},
 * {@code epochs/} and {@code reliability/} of files that are published by a rename and do not change, but for the time in
 * a plan when its sweep is continued. Any Parquet reader can query them; readers of {@code epochs/} and {@code
 * reliability/} join {@code trials/}, whose file is a trial's commit.
 *
 * <p>A trial's rows have files of their own, or are among those of many in files that {@link ResultPack} wrote.
 *
 * <p>One writer at a time is assumed (the driver holds a lease on the directory); readers need not care.
 */
public final class ResultStore {
    private static final String SUFFIX = ".parquet";
    /** Begins the names of files with the rows of many trials; ids are hexadecimal. */
    static final String PACK = "pack-";
    // Parquet readers skip names that start with a dot or an underscore.
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private static final PlanTable PLAN = new PlanTable();
    static final AttemptsTable ATTEMPTS = new AttemptsTable();
    static final TrialsTable TRIALS = new TrialsTable();
    static final EpochsTable EPOCHS = new EpochsTable();
    static final ReliabilityTable RELIABILITY = new ReliabilityTable();

    private final Configuration configuration;
    private final FileSystem files;
    private final Path root;

    /**
     * Opens a results directory, which need not exist yet.
     *
     * @param root on any file system Hadoop knows
     */
    public ResultStore(Configuration configuration, Path root) throws IOException {
        this.configuration = configuration;
        this.files = root.getFileSystem(configuration);
        this.root = files.makeQualified(root);
    }

    /** The results directory, with its scheme. */
    public Path root() {
        return root;
    }

    /**
     * Makes a trial's outcome final: epochs and bins first, replacing what a crashed attempt may have left, then the
     * outcome, whose file is the commit.
     *
     * @return false when the trial was committed before; then nothing is changed
     */
    public boolean commit(TrialOutcome outcome, List<EpochRow> epochs, List<ReliabilityRow> reliability)
            throws IOException {
        String id = outcome.trial().id();
        epochs.forEach(row -> requireOwn(EPOCHS, id, row.trialId()));
        reliability.forEach(row -> requireOwn(RELIABILITY, id, row.trialId()));
        Path commit = file(TRIALS, id);
        if (trial(id) != null) {
            return false;
        }
        replace(EPOCHS, file(EPOCHS, id), epochs);
        replace(RELIABILITY, file(RELIABILITY, id), reliability);
        return create(TRIALS, commit, List.of(outcome));
    }

    /** Publishes the rows of many trials in one file, in place of one of the same name. */
    <T> void writePack(Table<T> table, String name, List<T> rows) throws IOException {
        replace(table, file(table, PACK + name), rows);
    }

    private <T> void replace(Table<T> table, Path file, List<T> rows) throws IOException {
        AtomicFiles.replace(files, file, out -> table.write(configuration, out, rows));
    }

    /** Publishes a file unless it exists; returns whether it did. */
    private <T> boolean create(Table<T> table, Path file, List<T> rows) throws IOException {
        try {
            AtomicFiles.writeNew(files, file, out -> table.write(configuration, out, rows));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private static void requireOwn(Table<?> table, String trialId, String found) {
        if (!trialId.equals(found)) {
            throw new IllegalArgumentException(
                    "Cannot commit trial " + trialId + " with " + table.name() + " rows of trial " + found);
        }
    }

    /** Adds one attempt's row; each attempt is written once. */
    public void recordAttempt(AttemptRow attempt) throws IOException {
        Path file = file(ATTEMPTS, attempt.trialId() + "-" + attempt.attempt());
        if (!create(ATTEMPTS, file, List.of(attempt))) {
            throw new FileAlreadyExistsException("Cannot record attempt " + attempt.attempt() + " of trial "
                    + attempt.trialId() + ": " + file + " exists. Number attempts upwards from the recorded ones.");
        }
    }

    /**
     * Writes a sweep's plan, one row a trial and role, as a run of it begins: it is the newest sweep then, also if its
     * plan was there.
     *
     * @param sweepId letters, digits, dots, dashes and underscores
     * @throws FileAlreadyExistsException when another plan has this id
     */
    public void writePlan(String sweepId, List<PlannedTrial> trials) throws IOException {
        List<PlanRow> rows = new ArrayList<>();
        for (PlannedTrial planned : trials) {
            for (Role role : new TreeSet<>(planned.roles())) {
                rows.add(new PlanRow(sweepId, planned.trial().id(), role, null));
            }
        }
        writePlan(sweepId, rows, Instant.now());
    }

    /** Writes a plan that is new, or is there with an earlier time or none. */
    void writePlan(String sweepId, List<PlanRow> rows, Instant plannedAt) throws IOException {
        List<PlanRow> dated =
                rows.stream().map(row -> row.withPlannedAt(plannedAt)).toList();
        Path file = file(PLAN, sweepId);
        if (create(PLAN, file, dated)) {
            return;
        }
        List<PlanRow> there = plan(sweepId);
        if (!undated(there).equals(undated(rows))) {
            throw new FileAlreadyExistsException("Cannot write the plan of sweep " + sweepId + ": " + file
                    + " holds a plan of other trials. Give the changed sweep another id.");
        }
        Instant before = SweepDates.plannedAt(there);
        if (before == null || before.isBefore(plannedAt)) {
            replace(PLAN, file, dated);
        }
    }

    private static Set<PlanRow> undated(List<PlanRow> rows) {
        return rows.stream().map(row -> row.withPlannedAt(null)).collect(Collectors.toSet());
    }

    /** The outcomes of all committed trials, by trial id. */
    public List<TrialOutcome> trials() throws IOException {
        return read(TRIALS);
    }

    /** The epochs of all committed trials. */
    public List<EpochRow> epochs() throws IOException {
        return ofFinished(EPOCHS, EpochRow::trialId);
    }

    /** The reliability bins of all committed trials. */
    public List<ReliabilityRow> reliability() throws IOException {
        return ofFinished(RELIABILITY, ReliabilityRow::trialId);
    }

    /** Every recorded attempt, of unfinished trials too. */
    public List<AttemptRow> attempts() throws IOException {
        return read(ATTEMPTS).stream()
                .sorted(Comparator.comparing(AttemptRow::trialId).thenComparingInt(AttemptRow::attempt))
                .toList();
    }

    /** A committed trial's outcome; null if it has none. */
    public @Nullable TrialOutcome trial(String id) throws IOException {
        List<TrialOutcome> rows = ofTrial(TRIALS, id, outcome -> outcome.trial().id());
        return rows.isEmpty() ? null : rows.get(0);
    }

    /** A trial's epochs; none if it is not committed. */
    public List<EpochRow> epochs(String id) throws IOException {
        return trial(id) == null ? List.of() : ofTrial(EPOCHS, id, EpochRow::trialId);
    }

    /** A trial's reliability bins; none if it is not committed. */
    public List<ReliabilityRow> reliability(String id) throws IOException {
        return trial(id) == null ? List.of() : ofTrial(RELIABILITY, id, ReliabilityRow::trialId);
    }

    /** Where a trial's trained student is, if it has one. */
    public Path student(String id) {
        return new Path(new Path(root, "students"), requireName("student", id) + ".safetensors");
    }

    private <T> List<T> ofTrial(Table<T> table, String id, Function<T, String> idOf) throws IOException {
        try {
            return read(table, file(table, id));
        } catch (FileNotFoundException e) {
            return packed(table).stream()
                    .filter(row -> idOf.apply(row).equals(id))
                    .toList();
        }
    }

    /** An outcome as its row in {@code trials/}: values by column. */
    public static Map<String, @Nullable Object> columns(TrialOutcome outcome) {
        return TRIALS.values(outcome);
    }

    static Map<String, @Nullable Object> columns(EpochRow row) {
        return EPOCHS.values(row);
    }

    static Map<String, @Nullable Object> columns(ReliabilityRow row) {
        return RELIABILITY.values(row);
    }

    /**
     * The one trial, planned, begun or finished, whose id starts so.
     *
     * @throws FileNotFoundException if there is none, or several
     */
    public String trialId(String prefix) throws IOException {
        Set<String> ids = new TreeSet<>(finishedIds());
        read(PLAN).forEach(row -> ids.add(row.trialId()));
        List<String> found = ids.stream().filter(id -> id.startsWith(prefix)).toList();
        if (found.size() == 1 || found.contains(prefix)) {
            return found.contains(prefix) ? prefix : found.get(0);
        }
        throw new FileNotFoundException(
                found.isEmpty()
                        ? "No trial in " + root + " has an id that starts with '" + prefix + "', of " + ids.size()
                        : found.size() + " trials have ids that start with '" + prefix + "'; give more of it: "
                                + String.join(", ", found.subList(0, Math.min(5, found.size())))
                                + (found.size() > 5 ? ", ..." : ""));
    }

    /** The trials of a sweep and their roles. */
    public List<PlanRow> plan(String sweepId) throws IOException {
        if (!FILE_NAME.matcher(sweepId).matches() || !files.exists(file(PLAN, sweepId))) {
            throw new FileNotFoundException("No sweep " + sweepId + " in " + root + "; it has "
                    + sweeps().stream().map(SweepRef::id).toList());
        }
        return read(PLAN, file(PLAN, sweepId));
    }

    /** The sweeps that have a plan, the newest first. */
    public List<SweepRef> sweeps() throws IOException {
        List<SweepDates.Plan> plans = new ArrayList<>();
        for (FileStatus file : list(PLAN)) {
            Instant touched = Instant.ofEpochMilli(file.getModificationTime());
            plans.add(new SweepDates.Plan(key(file), read(PLAN, file.getPath()), touched));
        }
        return SweepDates.newestFirst(plans, this::trials);
    }

    /** The ids of all committed trials, of those with files of their own from the listing alone. */
    public Set<String> finishedIds() throws IOException {
        Set<String> ids = new TreeSet<>();
        for (FileStatus file : list(TRIALS)) {
            if (isPack(file)) {
                read(TRIALS, file.getPath())
                        .forEach(outcome -> ids.add(outcome.trial().id()));
            } else {
                ids.add(key(file));
            }
        }
        return ids;
    }

    /** Leaves out what a crashed attempt may have left. */
    private <T> List<T> ofFinished(Table<T> table, Function<T, String> idOf) throws IOException {
        Set<String> finished = finishedIds();
        List<T> rows = new ArrayList<>();
        for (FileStatus file : list(table)) {
            if (!isPack(file) && finished.contains(key(file))) {
                rows.addAll(read(table, file.getPath()));
            }
        }
        packed(table).stream().filter(row -> finished.contains(idOf.apply(row))).forEach(rows::add);
        return rows;
    }

    private <T> List<T> packed(Table<T> table) throws IOException {
        List<T> rows = new ArrayList<>();
        for (FileStatus file : list(table)) {
            if (isPack(file)) {
                rows.addAll(read(table, file.getPath()));
            }
        }
        return rows;
    }

    private <T> List<T> read(Table<T> table) throws IOException {
        List<T> rows = new ArrayList<>();
        for (FileStatus file : list(table)) {
            rows.addAll(read(table, file.getPath()));
        }
        return rows;
    }

    private <T> List<T> read(Table<T> table, Path file) throws IOException {
        try (FSDataInputStream in = files.open(file)) {
            return table.read(configuration, in.readAllBytes(), file);
        }
    }

    /** A table's published files by name; none when the table does not exist yet. */
    private List<FileStatus> list(Table<?> table) throws IOException {
        Path directory = new Path(root, table.name());
        if (!files.exists(directory)) {
            return List.of();
        }
        List<FileStatus> published = new ArrayList<>();
        for (FileStatus file : files.listStatus(directory)) {
            if (file.isFile()
                    && file.getPath().getName().endsWith(SUFFIX)
                    && FILE_NAME.matcher(file.getPath().getName()).matches()) {
                published.add(file);
            }
        }
        published.sort(Comparator.comparing(file -> file.getPath().getName()));
        return published;
    }

    private Path file(Table<?> table, String key) {
        return new Path(new Path(root, table.name()), requireName(table.name(), key) + SUFFIX);
    }

    private static String requireName(String what, String key) {
        if (!FILE_NAME.matcher(key).matches()) {
            throw new IllegalArgumentException("Cannot name a " + what + " file '" + key
                    + "': use letters, digits, dots, dashes and underscores, a letter or digit first");
        }
        return key;
    }

    private static boolean isPack(FileStatus file) {
        return file.getPath().getName().startsWith(PACK);
    }

    private static String key(FileStatus file) {
        String name = file.getPath().getName();
        return name.substring(0, name.length() - SUFFIX.length());
    }
}
