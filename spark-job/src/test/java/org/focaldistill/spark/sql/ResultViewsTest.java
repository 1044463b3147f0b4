package org.focaldistill.spark.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.focaldistill.sweep.SampleOutcomes.diverged;
import static org.focaldistill.sweep.SampleOutcomes.epochs;
import static org.focaldistill.sweep.SampleOutcomes.ok;
import static org.focaldistill.sweep.SampleOutcomes.on;
import static org.focaldistill.sweep.SampleOutcomes.openEpochs;
import static org.focaldistill.sweep.SampleOutcomes.reliability;
import static org.focaldistill.sweep.SampleOutcomes.trial;
import static org.focaldistill.sweep.SampleOutcomes.validated;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.store.PlanRow;
import org.focaldistill.store.ResultStore;
import org.focaldistill.store.SweepRef;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Seed;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.noise.Better;
import org.focaldistill.sweep.noise.Interval;
import org.focaldistill.sweep.noise.Selection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two seeds of a baseline, a cell that is grid and line at once, and a cell of which one seed diverged. */
class ResultViewsTest {
    private static final List<Trial> BASELINE = List.of(trial(0, 1, 0, 1), trial(0, 1, 0, 2));
    private static final List<Trial> CELL = List.of(trial(0.1, 0.9, 0.01, 1), trial(0.1, 0.9, 0.01, 2));
    private static final List<Trial> HALF_BAD = List.of(trial(0.1, 0.9, 0, 1), trial(0.1, 0.9, 0, 2));
    private static final Path VIEWS = Path.of("src/main/resources/views.sql");
    private static final Trial PLANNED_ONLY = trial(0.5, 0.5, 0.01, 1);

    private static final Map<String, List<Row>> VIEWS_READ = new HashMap<>();

    @TempDir
    private static Path directory;

    private static SparkSession spark;

    @BeforeAll
    static void writeResults() throws IOException {
        ResultStore store = store(results());
        store.writePlan("old", plan(BASELINE, Set.of(Role.GRID)));
        List<PlannedTrial> planned = new ArrayList<>(plan(BASELINE, Set.of(Role.BASELINE)));
        planned.addAll(plan(CELL, Set.of(Role.GRID, Role.LINE)));
        planned.addAll(plan(HALF_BAD, Set.of(Role.GRID)));
        planned.addAll(plan(List.of(PLANNED_ONLY), Set.of(Role.GRID)));
        store.writePlan("new", planned);
        // As files are after a copy, in any order.
        Files.setLastModifiedTime(
                results().resolve("plan/new.parquet"), FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
        for (Trial trial : List.of(BASELINE.get(0), BASELINE.get(1), CELL.get(0), CELL.get(1), HALF_BAD.get(0))) {
            store.commit(ok(trial), epochs(trial, 3), reliability(trial));
        }
        store.commit(diverged(HALF_BAD.get(1)), List.of(), List.of());
        spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", 1)
                // As ResultQuery has them, which is most of a test's time.
                .config("spark.buffer.pageSize", "1m")
                .config("spark.sql.adaptive.enabled", false)
                .config("spark.sql.codegen.wholeStage", false)
                .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
                .config("spark.sql.warehouse.dir", results().toUri().toString())
                .getOrCreate();
        Set<String> unused = ResultViews.create(spark, results().toString());
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    private static Path results() {
        return directory.resolve("results of `mine`");
    }

    private static ResultStore store(Path folder) throws IOException {
        return new ResultStore(new Configuration(), new org.apache.hadoop.fs.Path(folder.toUri()));
    }

    private static List<PlannedTrial> plan(List<Trial> trials, Set<Role> roles) {
        return trials.stream().map(trial -> new PlannedTrial(trial, roles)).toList();
    }

    /** A session with those views alone, and what they are made of: to make them all is most of a test's time. */
    private static SparkSession session(Path folder, String... views) throws IOException {
        SparkSession session = spark.newSession();
        ResultViews.of(session, folder.toString()).makeFor("SELECT " + String.join(", ", views));
        return session;
    }

    /** The one row of a view of the newest sweep's cells, read once for all tests of that view. */
    private static Row newest(String view, double alpha, double gamma) {
        List<Row> rows = VIEWS_READ
                .computeIfAbsent(view, each -> spark.table(each).collectAsList())
                .stream()
                .filter(row -> row.<Boolean>getAs("newest"))
                .filter(row -> number(row, "alpha") == alpha && number(row, "gamma") == gamma)
                .toList();
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    private static double number(Row row, String column) {
        return row.<Number>getAs(column).doubleValue();
    }

    private static double mean(List<Trial> trials, java.util.function.ToDoubleFunction<TrialOutcome> value) {
        return trials.stream()
                .mapToDouble(each -> value.applyAsDouble(ok(each)))
                .average()
                .orElseThrow();
    }

    private static SplitLoss test(TrialOutcome outcome) {
        return Objects.requireNonNull(outcome.test());
    }

    @Test
    void sweepsTellHowFarTheyAreAndWhichIsTheNewest() {
        List<Row> sweeps = spark.sql(
                        "SELECT sweep_id, newest, planned, finished, diverged FROM sweeps ORDER BY sweep_id")
                .collectAsList();

        assertThat(sweeps).extracting(Row::toString).containsExactly("[new,true,7,6,1]", "[old,false,2,2,0]");
    }

    @Test
    void aTrialIsOnceInEverySweepThatPlannedIt() {
        List<Row> rows = spark.sql("SELECT sweep_id, roles, pair, count(*) FROM sweep_trials"
                        + " GROUP BY sweep_id, roles, pair ORDER BY sweep_id, roles")
                .collectAsList();

        assertThat(rows)
                .extracting(Row::toString)
                .containsExactly(
                        "[new,baseline,resnet56 -> resnet20,2]",
                        "[new,grid,resnet56 -> resnet20,2]",
                        "[new,grid,line,resnet56 -> resnet20,2]",
                        "[old,grid,resnet56 -> resnet20,2]");
    }

    @Test
    void cellsAreMeansOverTheirSeeds() {
        Row cell = newest("cells", 0.1, 0.01);

        assertThat(number(cell, "seeds")).isEqualTo(2);
        assertThat(number(cell, "loss")).isCloseTo(mean(CELL, each -> test(each).total()), within(1e-12));
        assertThat(number(cell, "ce"))
                .isCloseTo(mean(CELL, each -> test(each).components().ce()), within(1e-12));
        // The two seeds of a cell are 0.001 apart.
        assertThat(number(cell, "ce_sd")).isCloseTo(0.001 / Math.sqrt(2), within(1e-12));
        assertThat(number(cell, "top1_sd")).isCloseTo(0.001 / Math.sqrt(2), within(1e-12));
    }

    @Test
    void aDivergedSeedIsCountedAndLeftOutOfTheMeans() {
        Row cell = newest("cells", 0.1, 0);

        assertThat(number(cell, "seeds")).isEqualTo(1);
        assertThat(number(cell, "diverged")).isEqualTo(1);
        assertThat(number(cell, "ce"))
                .isCloseTo(test(ok(HALF_BAD.get(0))).components().ce(), within(1e-12));
        assertThat(number(cell, "train_loss"))
                .isCloseTo(ok(HALF_BAD.get(0)).train().total(), within(1e-12));
        assertThat(cell.<Object>getAs("ce_sd")).isNull();
    }

    @Test
    void theHeatMapIsTheGridWithTwoCommonYardsticks() {
        List<Row> rows = spark.sql("SELECT * FROM heat_map WHERE newest ORDER BY gamma DESC")
                .collectAsList();

        assertThat(rows).hasSize(2);
        LossComponents components = test(ok(CELL.get(0))).components();
        assertThat(number(rows.get(0), "at_ce")).isCloseTo(components.ce() + 0.0005, within(1e-12));
        assertThat(number(rows.get(0), "at_half_half"))
                .isCloseTo(0.5 * components.kl() + 0.5 * components.ce() + 0.00025, within(1e-12));
    }

    @Test
    void bestCellsAreRankedByTestCrossEntropyWhereNothingIsHeldOut() {
        List<Row> rows = spark.sql("SELECT place, alpha, gamma, ce_above_best, ce_se, chosen_by FROM best_cells"
                        + " WHERE newest ORDER BY place")
                .collectAsList();

        assertThat(rows).extracting(row -> row.getInt(0)).containsExactly(1, 2, 3);
        assertThat(rows).extracting(row -> row.getString(5)).containsOnly("test");
        assertThat(rows.get(0).getDouble(1)).isZero();
        assertThat(rows.get(0).getDouble(3)).isZero();
        assertThat(rows.get(0).getDouble(4)).isCloseTo(0.0005, within(1e-12));
        // The seed that is left of this cell is the one with the lower cross entropy.
        assertThat(rows.get(1).getDouble(2)).isZero();
        assertThat(rows.get(1).getDouble(3)).isCloseTo(0.2 * 0.1 - 0.0005, within(1e-12));
    }

    /** Sweeps whose best cells are also chosen by the report's class: images held out or not, and seeds of several kinds. */
    @Test
    @Tag("slow")
    void theFirstPlaceIsChosenByHeldOutImagesIfAnyAndItsWorthIsWhatTheCellsChosenByOtherSeedsReach()
            throws IOException {
        Path folder = directory.resolve("chosen");
        Map<String, Selection> expected = new TreeMap<>();
        for (int seeds = 1; seeds <= 3; seeds++) {
            // Trials of different sweeps are different ones, by their temperature.
            expected.put("held-out-" + seeds, chosen(folder, "held-out-" + seeds, true, seeds, 1 + seeds));
            expected.put("test-" + seeds, chosen(folder, "test-" + seeds, false, seeds, 11 + seeds));
        }
        SparkSession session = spark.newSession();
        Set<String> unused = ResultViews.create(session, folder.toString());

        List<Row> rows =
                session.sql("SELECT * FROM best_cells ORDER BY sweep_id, place").collectAsList();

        assertThat(rows).hasSize(5 * expected.size());
        expected.forEach((sweep, selection) -> {
            List<Row> of = rows.stream()
                    .filter(row -> row.getAs("sweep_id").equals(sweep))
                    .toList();
            Row first = of.get(0);
            assertThat(of)
                    .extracting(row -> sweep.startsWith(row.getAs("chosen_by")))
                    .containsOnly(true);
            assertThat(of)
                    .extracting(row -> number(row, "ce_above_best"))
                    .allMatch(above -> sweep.startsWith("held") || above >= 0);
            assertThat(number(first, "alpha")).isEqualTo(selection.cell().alpha());
            assertThat(number(first, "ce_above_best")).isZero();
            if (selection.leftOut()) {
                assertThat(number(first, "best_ce_expected")).isCloseTo(selection.estimate(), within(1e-12));
            } else {
                assertThat(first.<Object>getAs("best_ce_expected")).isNull();
                assertThat(number(first, "ce")).isCloseTo(selection.estimate(), within(1e-12));
            }
        });
        assertThat(rows).anyMatch(row -> number(row, "ce_above_best") < 0);
    }

    /** Writes a sweep of five equally good cells and {@code seeds} data seeds; three of them meet two init seeds. */
    private static Selection chosen(Path folder, String sweep, boolean heldOut, int seeds, double temperature)
            throws IOException {
        Random random = new Random(7);
        List<Trial> trials = new ArrayList<>();
        Map<LossWeights, Map<Seed, Double>> chooses = new LinkedHashMap<>();
        Map<LossWeights, Map<Seed, Double>> tests = new LinkedHashMap<>();
        for (int alpha = 0; alpha < 5; alpha++) {
            LossWeights cell = new LossWeights(0.1 * alpha, 1, 0);
            LossSettings loss = new LossSettings(cell, temperature, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 2);
            for (int seed = 0; seed < seeds * (seeds == 3 ? 2 : 1); seed++) {
                Trial trial = SampleOutcomes.with(trial(loss, 1, false), Seed.plain(seed % seeds, seed / seeds));
                double onHeldOut = 3 + random.nextGaussian();
                double onTest = 3 + random.nextGaussian();
                store(folder)
                        .commit(
                                SampleOutcomes.with(ok(trial), heldOut ? ce(onHeldOut) : null, ce(onTest)),
                                List.of(),
                                List.of());
                trials.add(trial);
                chooses.computeIfAbsent(cell, each -> new TreeMap<>()).put(trial.seed(), onHeldOut);
                tests.computeIfAbsent(cell, each -> new TreeMap<>()).put(trial.seed(), onTest);
            }
        }
        store(folder).writePlan(sweep, plan(trials, Set.of(Role.GRID)));
        return Selection.of(Better.LOWER, heldOut ? chooses : Map.of(), tests, null)
                .orElseThrow();
    }

    private static SplitLoss ce(double ce) {
        return new SplitLoss(ce, new LossComponents(1, ce, 1));
    }

    @Test
    void theYardstickAndWhatWasLearnedMakeUpTheDifference() {
        Row row = newest("yardstick", 0.1, 0.01);

        LossComponents base = test(ok(BASELINE.get(0))).components();
        double baseCe = base.ce() + 0.0005;
        double remeasured = 0.1 * base.kl() + 0.9 * baseCe + 0.01 * base.focal();
        double total = mean(CELL, each -> test(each).total());
        assertThat(number(row, "seeds")).isEqualTo(2);
        assertThat(number(row, "baseline_beta")).isEqualTo(1);
        assertThat(number(row, "by_yardstick")).isCloseTo(remeasured - baseCe, within(1e-12));
        assertThat(number(row, "learned")).isCloseTo(total - remeasured, within(1e-12));
        assertThat(number(row, "difference")).isCloseTo(total - baseCe, within(1e-12));
    }

    @Test
    void aBaselineDiffersFromItselfByNothing() {
        Row row = newest("yardstick", 0, 0);

        assertThat(number(row, "difference")).isZero();
        assertThat(number(row, "by_yardstick")).isZero();
        assertThat(number(row, "learned")).isZero();
    }

    @Test
    void overconfidenceIsConfidenceLessAccuracyOverAllImages() {
        Row row = newest("calibration", 0.1, 0.01);

        double images = 0;
        double excess = 0;
        for (int bin = 0; bin < 15; bin++) {
            images += 10 * bin;
            excess += 10 * bin * ((bin + 0.5) / 15 - bin / 20.0);
        }
        assertThat(number(row, "overconfidence")).isCloseTo(excess / images, within(1e-12));
        assertThat(number(row, "ece")).isCloseTo(0.08, within(1e-12));
    }

    @Test
    void aCellsReliabilityDiagramPoolsItsSeedsAndHasNoEmptyBins() {
        List<Row> bins = spark.sql("SELECT bin, count, accuracy, images, low, high FROM cell_reliability"
                        + " WHERE newest AND gamma = 0.01 ORDER BY bin")
                .collectAsList();

        assertThat(bins).hasSize(14);
        assertThat(bins.get(0).toString()).startsWith("[1,20,0.05,10.0,");
        Interval ofOneSeed = Interval.ofShare(0.05, 10);
        assertThat(number(bins.get(0), "low")).isCloseTo(ofOneSeed.low(), within(1e-7));
        assertThat(number(bins.get(0), "high")).isCloseTo(ofOneSeed.high(), within(1e-7));
    }

    @Test
    void curvesHaveEveryEpochOfASweepsTrials() {
        assertThat(spark.sql("SELECT DISTINCT data_seed, epoch FROM curves WHERE newest AND gamma = 0.01")
                        .count())
                .isEqualTo(6);
    }

    /** Ten trials are no ten repetitions where they have two initialisations. */
    @Test
    void standard_errors_count_data_and_init_seeds_each_by_their_own_number() throws IOException {
        Path folder = directory.resolve("crossed");
        ResultStore store = store(folder);
        List<Trial> trials = new ArrayList<>();
        for (long data = 1; data <= 5; data++) {
            for (long init = 1; init <= 2; init++) {
                trials.add(SampleOutcomes.with(BASELINE.get(0), Seed.plain(data, init)));
            }
            trials.add(SampleOutcomes.with(CELL.get(0), Seed.of(data)));
        }
        store.writePlan("crossed", plan(trials, Set.of(Role.GRID, Role.BASELINE)));
        for (Trial trial : trials) {
            store.commit(ok(trial), List.of(), List.of());
        }
        SparkSession session = session(folder, "best_cells", "yardstick");

        // A trial's cross entropy is higher by 0.001 for each init seed, and does not hang on the data seed.
        List<Row> cells = session.sql("SELECT alpha, seeds, ce_se FROM best_cells ORDER BY alpha")
                .collectAsList();
        assertThat(cells).extracting(row -> row.getLong(1)).containsExactly(10L, 5L);
        assertThat(cells.get(0).getDouble(2)).isCloseTo(0.001 / Math.sqrt(2) / Math.sqrt(2), within(1e-12));
        assertThat(cells.get(1).getDouble(2)).isCloseTo(0.001 * Math.sqrt(2.5) / Math.sqrt(5), within(1e-12));
        // Where streams differ a trial has no partner among the baselines.
        assertThat(session.sql("SELECT seeds FROM yardstick WHERE alpha = 0 AND baseline_alpha = 0.1")
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactly("[1]");
    }

    /** Another engine's trials are cells of their own, with baselines of their own. */
    @Test
    void cellsHoldTrialsOfOneEngineAndNumerics() throws IOException {
        Path folder = directory.resolve("engines");
        ResultStore store = store(folder);
        List<Trial> trials = new ArrayList<>();
        for (Trial trial : List.of(BASELINE.get(0), CELL.get(0))) {
            trials.add(trial);
            trials.add(on(trial, new Computation("cuda", "tf32")));
        }
        store.writePlan("both", plan(trials, Set.of(Role.GRID, Role.BASELINE)));
        for (Trial trial : trials) {
            store.commit(ok(trial), epochs(trial, 1), reliability(trial));
        }
        List<String> views = List.of("heat_map", "calibration", "cell_reliability", "curves");
        SparkSession session = session(folder, "cells, yardstick", String.join(", ", views));

        for (String view : views) {
            assertThat(session.table(view).columns()).as(view).contains("computation");
        }
        assertThat(session.sql("SELECT computation, alpha, seeds FROM cells ORDER BY 1, 2")
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactly("[cpu fp32,0.0,1]", "[cpu fp32,0.1,1]", "[cuda tf32,0.0,1]", "[cuda tf32,0.1,1]");
        assertThat(session.sql("SELECT seeds FROM yardstick").collectAsList())
                .extracting(Row::toString)
                .hasSize(8)
                .containsOnly("[1]");
    }

    @Test
    void theStudysRowsWhichAreOfAnEarlierSchemaAreSeenAsTheStoreSeesThem() throws IOException {
        assertSeenAsTheStoreSeesThem(Path.of("../notebooks/study"));
    }

    @Test
    void rowsOfTwoSchemasSideBySideAreSeenAsTheStoreSeesThem() throws IOException {
        Path folder = directory.resolve("schema-1");
        FileUtils.copyDirectory(new File("src/test/resources/results/schema-1"), folder.toFile());
        String earlier = "cdcd64e5feeb7caa7c7c";
        Instant old = Instant.parse("2020-01-01T00:00:00Z");
        Files.setLastModifiedTime(folder.resolve("plan/" + earlier + ".parquet"), FileTime.from(old));
        Trial trial = CELL.get(0);
        // It may have trained the earlier one's trials.
        List<Trial> today = new ArrayList<>(List.of(trial));
        List<String> earlierIds =
                store(folder).plan(earlier).stream().map(PlanRow::trialId).toList();
        store(folder).trials().stream()
                .map(TrialOutcome::trial)
                .filter(other -> earlierIds.contains(other.id()))
                .forEach(today::add);
        assertThat(store(folder).sweeps()).extracting(SweepRef::plannedAt).doesNotContain(old);
        store(folder).writePlan("today", plan(today, Set.of(Role.GRID)));
        assertThat(store(folder).sweeps()).contains(new SweepRef(earlier, old));
        store(folder).commit(ok(trial), epochs(trial, 3), reliability(trial));
        assertSeenAsTheStoreSeesThem(folder);
        assertThat(store(folder).sweeps().get(0).id()).isEqualTo("today");
    }

    @Test
    void whatWasStoppedEarlyIsCountedAndLeftOutOfAllMeansButInTheCurves() throws IOException {
        Path folder = directory.resolve("stopped early");
        List<PlannedTrial> planned = new ArrayList<>(plan(BASELINE, Set.of(Role.BASELINE)));
        planned.addAll(plan(CELL, Set.of(Role.GRID)));
        store(folder).writePlan("sweep", planned);
        for (Trial trial : List.of(BASELINE.get(0), BASELINE.get(1), CELL.get(0))) {
            store(folder).commit(ok(trial), epochs(trial, 3), reliability(trial));
        }
        store(folder).commit(validated(CELL.get(1)), epochs(CELL.get(1), 2), reliability(CELL.get(1)));
        SparkSession session =
                session(folder, "heat_map", "calibration", "cell_reliability", "yardstick", "sweeps", "curves");

        TrialOutcome kept = ok(CELL.get(0));
        Row cell = session.sql("SELECT * FROM heat_map").first();
        assertThat(number(cell, "seeds")).isOne();
        assertThat(number(cell, "stopped")).isOne();
        assertThat(number(cell, "at_ce")).isCloseTo(test(kept).components().ce(), within(1e-12));
        assertThat(number(cell, "train_loss")).isCloseTo(kept.train().total(), within(1e-12));
        assertThat(session.sql("SELECT alpha, seeds, stopped FROM calibration ORDER BY alpha")
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactly("[0.0,2,0]", "[0.1,1,1]");
        assertThat(session.sql("SELECT alpha, max(count) FROM cell_reliability GROUP BY alpha ORDER BY alpha")
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactly("[0.0,280]", "[0.1,140]");
        assertThat(session.sql("SELECT alpha, seeds FROM yardstick ORDER BY alpha")
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactly("[0.0,2]", "[0.1,1]");
        assertThat(session.sql("SELECT finished, diverged, stopped FROM sweeps").first())
                .hasToString("[4,0,1]");
        assertThat(session.sql("SELECT max(epoch) FROM curves WHERE status = 'STOPPED_EARLY'")
                        .first())
                .hasToString("[2]");
    }

    private static void assertSeenAsTheStoreSeesThem(Path folder) throws IOException {
        ResultStore store = store(folder);
        SparkSession session = spark.newSession();
        // Each is analyzed as it is made.
        assertThat(ResultViews.create(session, folder.toString())).hasSize(17);
        List<Row> sweeps = session.sql("SELECT sweep_id, planned_at, newest FROM sweeps ORDER BY planned_at DESC")
                .collectAsList();
        assertThat(sweeps)
                .extracting(row ->
                        new SweepRef(row.getString(0), row.getTimestamp(1).toInstant()))
                .containsExactlyElementsOf(store.sweeps());
        assertThat(sweeps).extracting(row -> row.getBoolean(2)).startsWith(true).containsOnlyOnce(true);
        assertThat(session.sql("SELECT computation, count(DISTINCT trial_id) FROM sweep_trials GROUP BY computation")
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactly("[cpu fp32," + store.trials().size() + "]");
    }

    /** Spark would take the names for patterns, and with the last one read other folders, too. */
    @ParameterizedTest
    @ValueSource(strings = {"run*", "[run1] {a,b} q?x", "50%20#1, größe-π ` back\\slash ${x}"})
    void aFoldersNameIsMeantLiterally(String name) throws IOException {
        Path parent = directory.resolve("names of " + Math.abs(name.hashCode()));
        for (String folder : List.of(name, "run1")) {
            store(parent.resolve(folder)).writePlan("of-it", plan(CELL, Set.of(Role.GRID)));
            store(parent.resolve(folder)).commit(ok(CELL.get(0)), epochs(CELL.get(0), 3), reliability(CELL.get(0)));
        }
        List<String> tables = List.of("trials", "epochs", "reliability", "attempts", "open_epochs", "races");

        SparkSession session = session(parent.resolve(name), "plan", "curves", String.join(", ", tables));

        assertThat(tables).allMatch(session.catalog()::tableExists);
        assertThat(session.table("plan").count()).isEqualTo(2);
        assertThat(session.sql("SELECT epoch FROM curves").count()).isEqualTo(3);
    }

    @Test
    void rowsAreThoseOfTheStoreWhateverElseIsInTheFolders() throws IOException {
        Path folder = directory.resolve("littered");
        Trial trial = CELL.get(0);
        store(folder).writePlan("sweep", plan(List.of(trial), Set.of(Role.GRID)));
        store(folder).commit(ok(trial), epochs(trial, 3), reliability(trial));
        // Of an attempt that crashed before its commit.
        store(folder).commit(ok(BASELINE.get(0)), epochs(BASELINE.get(0), 3), reliability(BASELINE.get(0)));
        Files.delete(folder.resolve("trials/" + BASELINE.get(0).id() + ".parquet"));
        for (String table : List.of("plan", "trials", "epochs", "reliability")) {
            String key = table.equals("plan") ? "sweep" : trial.id();
            Path sound = folder.resolve(table).resolve(key + ".parquet");
            byte[] content = Files.readAllBytes(sound);
            Files.writeString(sound.resolveSibling("README.txt"), "not a table");
            Files.write(sound.resolveSibling("Thumbs.db"), new byte[100]);
            Files.write(sound.resolveSibling("empty.parquet"), new byte[0]);
            Files.write(sound.resolveSibling("0123456789abcdef0123.parquet"), Arrays.copyOf(content, 200));
            for (String copy : List.of(" copy", " (1)", "%20", ".sync-conflict-1", "é")) {
                Files.write(sound.resolveSibling(key + copy + ".parquet"), content);
            }
            Files.write(sound.resolveSibling("." + key + ".parquet.crc"), "crc\0\0\0\2\0stale".getBytes(UTF_8));
            Files.write(Files.createDirectories(sound.resolveSibling("backup")).resolve(key + ".parquet"), content);
        }

        SparkSession session = session(folder, "plan", "trials", "epochs", "reliability", "cells");

        assertThat(session.table("plan").count()).isOne();
        assertThat(session.table("trials").count()).isOne();
        assertThat(session.table("epochs").count()).isEqualTo(3);
        assertThat(session.table("reliability").count()).isEqualTo(15);
        assertThat(session.sql("SELECT seeds FROM cells").collectAsList())
                .extracting(row -> ((Number) row.get(0)).intValue())
                .containsExactly(1);
    }

    /** What the file promises for a Spark without this program, which makes these views of the store's files. */
    @Test
    void theFilesStatementsMakeTheSameTablesInAnySpark() throws IOException {
        SparkSession session = anySpark();
        Map<String, String> statements = statements(Files.readString(VIEWS));

        for (String table : List.of("plan", "trials", "epochs", "reliability")) {
            session.sql(statements.get(table));
            assertThat(session.table(table).columns())
                    .as(table)
                    .containsExactlyInAnyOrder(spark.table(table).columns());
            assertThat(session.table(table).count())
                    .as(table)
                    .isEqualTo(spark.table(table).count());
        }
        store(results()).openEpochs().write(openEpochs(PLANNED_ONLY, 2, 1));
        try {
            session.sql(statements.get("open_epochs"));
            assertThat(session.table("open_epochs").columns())
                    .containsExactlyInAnyOrder(spark.table("open_epochs").columns());
            assertThat(session.table("open_epochs").count()).isEqualTo(2);
        } finally {
            FileUtils.deleteDirectory(results().resolve("open_epochs").toFile());
        }
    }

    @Test
    @Tag("slow")
    void whereNoTrialIsOpenTheFileSaysWhatToRunInAnySpark() throws IOException {
        SparkSession session = anySpark();
        String text = Files.readString(VIEWS);
        Map<String, String> instead = statements(text.replaceAll("(?m)^-- +", ""));

        statements(text).forEach((view, statement) -> {
            if (!view.equals("attempts")) {
                session.sql(view.equals("open_epochs") ? instead.get(view) : statement);
            }
        });

        assertThat(session.table("curves").columns())
                .isEqualTo(spark.table("curves").columns());
        assertThat(session.table("curves").count())
                .isEqualTo(spark.table("curves").count());
    }

    private static SparkSession anySpark() {
        SparkSession session = spark.newSession();
        // As notebooks have them.
        session.conf().unset("spark.sql.adaptive.enabled");
        session.conf().unset("spark.sql.codegen.wholeStage");
        session.conf().unset("spark.sql.codegen.factoryMode");
        session.sql("SET results=" + results().toString().replace("`", "``"));
        return session;
    }

    /** By view; of two of one view, the first. */
    private static Map<String, String> statements(String text) {
        Map<String, String> statements = new LinkedHashMap<>();
        Pattern.compile("^CREATE OR REPLACE TEMPORARY VIEW (\\w+) AS[^;]*?(?=;$|\\nCREATE)", Pattern.MULTILINE)
                .matcher(text)
                .results()
                .forEach(each -> statements.putIfAbsent(each.group(1), each.group()));
        assertThat(statements).hasSize(16);
        return statements;
    }

    @Test
    void aSweepWithoutFinishedTrialsHasItsTablesAlone() throws IOException {
        Path folder = directory.resolve("begun");
        store(folder).writePlan("begun", plan(CELL, Set.of(Role.GRID)));
        SparkSession session = spark.newSession();

        assertThat(ResultViews.create(session, folder.toString())).containsExactly("plan");
        assertThat(session.catalog().tableExists("cells")).isFalse();
    }

    private static final String COURSES =
            "SELECT open, status, pair, computation, alpha, data_seed, count(*), max(epoch) FROM curves WHERE newest"
                    + " GROUP BY ALL ORDER BY alpha, data_seed";

    @Test
    void curvesShowATrialBeforeAnyHasEnded() throws IOException {
        Path folder = directory.resolve("first epochs");
        store(folder).writePlan("begun", plan(CELL, Set.of(Role.GRID)));
        store(folder).openEpochs().write(openEpochs(CELL.get(0), 3, 1));
        SparkSession session = spark.newSession();

        assertThat(ResultViews.create(session, folder.toString())).hasSize(17);

        assertThat(session.sql(COURSES).collectAsList())
                .extracting(Row::toString)
                .containsExactly("[true,null,resnet56 -> resnet20,cpu fp32,0.1,1,3,3]");
        assertThat(session.sql("SELECT train_loss_ce, val_top1 FROM curves WHERE epoch = 2")
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactly("[1.5,0.5]");
        assertThat(session.table("cells").count()).isZero();
        assertThat(session.table("attempts").count()).isZero();
    }

    @Test
    void curvesTellOpenTrialsFromFinishedOnesWhateverWasWrittenLate() throws IOException {
        Path folder = directory.resolve("half way");
        Trial gpu = on(BASELINE.get(0), new Computation("cuda", "tf32"));
        store(folder).writePlan("half", plan(List.of(CELL.get(0), CELL.get(1), gpu), Set.of(Role.GRID)));
        store(folder).commit(ok(CELL.get(0)), epochs(CELL.get(0), 4), reliability(CELL.get(0)));
        store(folder).openEpochs().write(openEpochs(CELL.get(0), 3, 1));
        store(folder).openEpochs().write(openEpochs(CELL.get(1), 2, 1));
        store(folder).openEpochs().write(openEpochs(gpu, 1, 1));
        // In no sweep's plan.
        store(folder).openEpochs().write(openEpochs(BASELINE.get(1), 1, 1));

        SparkSession session = session(folder, "curves", "cells");

        List<String> expected = List.of(
                "[true,null,resnet56 -> resnet20,cuda tf32,0.0,1,1,1]",
                "[false,OK,resnet56 -> resnet20,cpu fp32,0.1,1,4,4]",
                "[true,null,resnet56 -> resnet20,cpu fp32,0.1,2,2,2]");
        assertThat(session.sql(COURSES).collectAsList())
                .extracting(Row::toString)
                .containsExactlyElementsOf(expected);
        assertThat(session.sql("SELECT seeds FROM cells").collectAsList())
                .extracting(Row::toString)
                .containsExactly("[1]");

        // A notebook's session goes on while the trial ends.
        store(folder).commit(ok(CELL.get(1)), epochs(CELL.get(1), 4), reliability(CELL.get(1)));

        assertThat(session.sql(COURSES).collectAsList())
                .extracting(Row::toString)
                .containsExactlyElementsOf(expected);
    }

    @Test
    void aFolderWithoutResultsIsRefused() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));

        assertThatThrownBy(() -> ResultViews.create(spark.newSession(), empty.toString()))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("no results in " + empty);
    }

    static List<String> queriesOfReadme() throws IOException {
        String readme = Files.readString(Path.of("..", "notebooks", "README.md"));
        List<String> queries = Pattern.compile("```sql\n(.+?)```", Pattern.DOTALL)
                .matcher(readme)
                .results()
                .flatMap(block -> Pattern.compile("\n\n").splitAsStream(block.group(1)))
                .map(String::strip)
                .distinct()
                .toList();
        assertThat(queries).hasSizeGreaterThanOrEqualTo(3);
        return queries;
    }

    @ParameterizedTest
    @MethodSource("queriesOfReadme")
    void theQueriesOfReadmeAreAnswered(String query) {
        assertThatCode(() -> spark.sql(query).collectAsList()).doesNotThrowAnyException();
    }
}
