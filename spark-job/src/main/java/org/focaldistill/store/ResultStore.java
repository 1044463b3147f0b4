package org.focaldistill.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.ReliabilityRow;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.race.RaceRow;
import org.jspecify.annotations.Nullable;

/**
 * The results of all sweeps under one directory, as Parquet tables {@code plan/}, {@code attempts/}, {@code trials/},
 * {@code epochs/} and {@code reliability/} of files that are published by a rename and do not change, but for the time in
 * a plan when its sweep is continued; and of trials that have not ended, {@link OpenEpochs}. Any Parquet reader can query
 * them; readers of {@code epochs/} and {@code reliability/} join {@code trials/}, whose file is a trial's commit.
 *
 * <p>A trial's rows have files of their own, or are among those of many in files that {@link ResultPack} wrote. {@link
 * TableFiles} has the rule by which everything that reads results tells rows from what else is in the folders.
 *
 * <p>One writer at a time is assumed (the driver holds a lease on the directory); readers need not care.
 */
public final class ResultStore {
    private static final TrialsTable TRIALS = new TrialsTable();
    private static final EpochsTable EPOCHS = new EpochsTable();
    private static final ReliabilityTable RELIABILITY = new ReliabilityTable();

    private final Path root;
    private final Plans plans;
    private final TableFiles<AttemptRow> attempts;
    private final TableFiles<TrialOutcome> trials;
    private final TableFiles<EpochRow> epochs;
    private final TableFiles<ReliabilityRow> reliability;
    private final OpenEpochs openEpochs;
    private final Races races;

    /**
     * Opens a results directory, which need not exist yet.
     *
     * @param root on any file system Hadoop knows
     */
    public ResultStore(Configuration configuration, Path root) throws IOException {
        FileSystem files = AtomicFiles.withoutChecksumFiles(root.getFileSystem(configuration));
        this.root = files.makeQualified(root);
        this.plans = new Plans(new TableFiles<>(configuration, files, this.root, new PlanTable()), this::trials);
        this.races = new Races(new TableFiles<>(configuration, files, this.root, new RacesTable()));
        this.attempts = new TableFiles<>(configuration, files, this.root, new AttemptsTable());
        this.trials = new TableFiles<>(configuration, files, this.root, TRIALS);
        this.epochs = new TableFiles<>(configuration, files, this.root, EPOCHS);
        this.reliability = new TableFiles<>(configuration, files, this.root, RELIABILITY);
        this.openEpochs = new OpenEpochs(
                new TableFiles<>(configuration, files, this.root, new OpenEpochsTable()), this::finishedIds);
    }

    TableFiles<AttemptRow> attemptFiles() {
        return attempts;
    }

    TableFiles<TrialOutcome> trialFiles() {
        return trials;
    }

    TableFiles<EpochRow> epochFiles() {
        return epochs;
    }

    TableFiles<ReliabilityRow> reliabilityFiles() {
        return reliability;
    }

    /** The courses of trials that have no outcome. */
    public OpenEpochs openEpochs() {
        return openEpochs;
    }

    /** What sweeps that race know of their cells. */
    public Races races() {
        return races;
    }

    /** The results directory, with its scheme. */
    public Path root() {
        return root;
    }

    /**
     * Makes a trial's outcome final: epochs and bins first, replacing what a crashed attempt may have left, then the
     * outcome, whose file is the commit. What is in that file's place and no row is moved aside.
     *
     * @return false when the trial was committed before; then nothing is changed
     */
    public boolean commit(TrialOutcome outcome, List<EpochRow> course, List<ReliabilityRow> bins) throws IOException {
        String id = outcome.trial().id();
        course.forEach(row -> requireOwn(EPOCHS, id, row.trialId()));
        bins.forEach(row -> requireOwn(RELIABILITY, id, row.trialId()));
        if (trial(id) != null) {
            return false;
        }
        epochs.replace(id, course);
        reliability.replace(id, bins);
        boolean created = trials.create(id, List.of(outcome));
        openEpochs.delete(id);
        return created;
    }

    private static void requireOwn(Table<?> table, String trialId, String found) {
        if (!trialId.equals(found)) {
            throw new IllegalArgumentException(
                    "Cannot commit trial " + trialId + " with " + table.name() + " rows of trial " + found);
        }
    }

    /** Adds one attempt's row; each attempt is written once. */
    public void recordAttempt(AttemptRow attempt) throws IOException {
        String key = attempts.table().key(attempt);
        if (!attempts.create(key, List.of(attempt))) {
            throw new FileAlreadyExistsException(
                    "Cannot record attempt " + attempt.attempt() + " of trial " + attempt.trialId() + ": "
                            + attempts.file(key) + " exists. Number attempts upwards from the recorded ones.");
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
        plans.write(sweepId, trials, false);
    }

    /** The same for a sweep that races, whose plan grows with its rounds, and never shrinks. */
    public void growPlan(String sweepId, List<PlannedTrial> trials) throws IOException {
        plans.write(sweepId, trials, true);
    }

    /** Writes a plan as of some time. */
    void writePlan(String sweepId, List<PlanRow> rows, Instant plannedAt) throws IOException {
        plans.write(sweepId, rows, plannedAt, false);
    }

    /** Writes the plan of another store, and what it knows of its race, from when it was planned there. */
    void addPlan(ResultStore from, SweepRef sweep) throws IOException {
        List<RaceRow> race = from.races().of(sweep.id());
        plans.write(sweep.id(), from.plan(sweep.id()), sweep.plannedAt(), !race.isEmpty());
        if (!race.isEmpty() && looks(race) >= looks(races.of(sweep.id()))) {
            races.write(race);
        }
    }

    private static int looks(List<RaceRow> race) {
        return race.stream().mapToInt(RaceRow::looks).sum();
    }

    /** The outcomes of all committed trials, by trial id. */
    public List<TrialOutcome> trials() throws IOException {
        return trials.rows(name -> true);
    }

    /** The epochs of all committed trials. */
    public List<EpochRow> epochs() throws IOException {
        return ofFinished(epochs);
    }

    /** The reliability bins of all committed trials. */
    public List<ReliabilityRow> reliability() throws IOException {
        return ofFinished(reliability);
    }

    /** Every recorded attempt, of unfinished trials too. */
    public List<AttemptRow> attempts() throws IOException {
        return attempts.rows(counting(attempts, Set.of(), packs())).stream()
                .sorted(Comparator.comparing(AttemptRow::trialId).thenComparingInt(AttemptRow::attempt))
                .toList();
    }

    /** A committed trial's outcome; null if it has none. */
    public @Nullable TrialOutcome trial(String id) throws IOException {
        List<TrialOutcome> rows = ofTrial(trials, id);
        return rows.isEmpty() ? null : rows.get(0);
    }

    /** A trial's epochs; none if it is not committed. */
    public List<EpochRow> epochs(String id) throws IOException {
        return trial(id) == null ? List.of() : ofTrial(epochs, id);
    }

    /** A trial's reliability bins; none if it is not committed. */
    public List<ReliabilityRow> reliability(String id) throws IOException {
        return trial(id) == null ? List.of() : ofTrial(reliability, id);
    }

    /** Where a trial's trained student is, if it has one. */
    public Path student(String id) {
        if (!TableFiles.isName(id)) {
            throw new IllegalArgumentException("'" + id + "' is no trial's id");
        }
        return new Path(new Path(root, "students"), id + ".safetensors");
    }

    private <T> List<T> ofTrial(TableFiles<T> files, String id) throws IOException {
        List<T> own = files.own(id);
        return own != null
                ? own
                : files.rows(packsOf(id)::contains).stream()
                        .filter(row -> files.table().key(row).equals(id))
                        .toList();
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
        plans.files().rows(name -> true).forEach(row -> ids.add(row.trialId()));
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
        List<PlanRow> rows = plans.rows(sweepId);
        if (rows == null) {
            throw new FileNotFoundException("No sweep " + sweepId + " in " + root + "; it has "
                    + sweeps().stream().map(SweepRef::id).toList());
        }
        return rows;
    }

    /** The sweeps that have a plan, the newest first. */
    public List<SweepRef> sweeps() throws IOException {
        return plans.sweeps();
    }

    /** The ids of all committed trials. Each file is read once, and again only when it has changed. */
    public Set<String> finishedIds() throws IOException {
        Set<String> ids = new TreeSet<>();
        trials.keys(name -> true).values().forEach(ids::addAll);
        return ids;
    }

    /** Names of the packs whose trials are committed. */
    private Set<String> packs() throws IOException {
        return trials.keys(TableFiles::isPack).keySet();
    }

    /** Names of the packs with a committed trial. */
    private Set<String> packsOf(String id) throws IOException {
        return trials.keys(TableFiles::isPack).entrySet().stream()
                .filter(pack -> pack.getValue().contains(id))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /**
     * Names of a table's files that hold rows if they are sound: those of finished trials, but for plans, races, attempts
     * and open epochs.
     */
    private Predicate<String> counting(TableFiles<?> files, Set<String> finished, Set<String> packs) {
        if (files == plans.files() || files == races.files()) {
            return name -> true;
        }
        if (files == openEpochs.files()) {
            return name -> OpenEpochs.isOpen(name, finished);
        }
        return name -> TableFiles.isPack(name) ? packs.contains(name) : files == attempts || finished.contains(name);
    }

    /** Leaves out what a crashed attempt may have left. */
    private <T> List<T> ofFinished(TableFiles<T> files) throws IOException {
        Set<String> finished = finishedIds();
        return files.rows(counting(files, finished, packs())).stream()
                .filter(row -> finished.contains(files.table().key(row)))
                .toList();
    }

    /** The tables for another reader, Spark say, that takes the same rows from them as this one; by name. */
    public Map<String, TableView> views() throws IOException {
        Set<String> finished = finishedIds();
        Set<String> packs = packs();
        Map<String, TableView> views = new LinkedHashMap<>();
        for (TableFiles<?> files :
                List.of(plans.files(), trials, epochs, reliability, attempts, openEpochs.files(), races.files())) {
            views.put(files.table().name(), view(files, counting(files, finished, packs)));
        }
        return views;
    }

    private static TableView view(TableFiles<?> files, Predicate<String> counting) throws IOException {
        boolean empty = files.keys(counting).isEmpty();
        return new TableView(files.folder(), files.table().ddl(), empty, TableFiles.FILE, files.othersThan(counting));
    }
}
