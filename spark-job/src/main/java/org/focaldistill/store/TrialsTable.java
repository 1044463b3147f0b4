package org.focaldistill.store;

import static org.focaldistill.store.ColumnType.BOOLEAN;
import static org.focaldistill.store.ColumnType.DOUBLE;
import static org.focaldistill.store.ColumnType.INT;
import static org.focaldistill.store.ColumnType.LONG;
import static org.focaldistill.store.ColumnType.TEXT;
import static org.focaldistill.store.ColumnType.TIMESTAMP;
import static org.focaldistill.store.ColumnType.constantOf;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialOutcome.Run;
import org.focaldistill.sweep.TrialOutcome.Scaled;
import org.focaldistill.sweep.TrialOutcome.TeacherMetrics;
import org.focaldistill.sweep.TrialOutcome.TestMetrics;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/**
 * {@code trials/}: final outcomes. The trial itself is rebuilt from {@code config_json}; the columns that repeat its
 * settings, declared without a field in between, are there to be queried.
 */
final class TrialsTable extends Table<TrialOutcome> {
    private final Column<TrialOutcome, String> trialId = ofTrial("trial_id", TEXT, Trial::id);

    {
        ofTrial("dataset", TEXT, trial -> trial.data().name());
        ofTrial("dataset_hash", TEXT, trial -> trial.data().hash());
        ofTrial("generated", BOOLEAN, trial -> trial.data().generated());
        ofTrial("teacher", TEXT, Trial::teacher);
        ofTrial("teacher_hash", TEXT, Trial::teacherHash);
    }

    private final Column<TrialOutcome, Double> teacherTop1 =
            column("teacher_test_top1", DOUBLE, outcome -> outcome.teacher().testTop1());
    private final Column<TrialOutcome, Double> teacherNll =
            column("teacher_test_nll", DOUBLE, outcome -> outcome.teacher().testNll());
    private final Column<TrialOutcome, Double> teacherEce =
            column("teacher_test_ece", DOUBLE, outcome -> outcome.teacher().testEce());

    {
        TrialColumns.add(this, TrialOutcome::trial);
    }

    private final Column<TrialOutcome, Integer> epochsDone = column("epochs_done", INT, TrialOutcome::epochsDone);

    {
        ofTrial("batch_size", INT, trial -> trial.recipe().batchSize());
        ofTrial("learning_rate", DOUBLE, trial -> trial.recipe().learningRate());
        ofTrial("workers", INT, Trial::workers);
        ofTrial("averaging_frequency", INT, Trial::averagingFrequency);
        ofTrial("teacher_mode", TEXT, trial -> Words.of(trial.teacherMode()));
        later("distillation", TEXT, trial -> trial.loss().distillation().toString());
        later("calibration_weight", DOUBLE, trial -> trial.loss().calibrationWeight());
        later("label_smoothing", DOUBLE, trial -> trial.loss().labelSmoothing());
        later("schedule", TEXT, trial -> Words.of(trial.recipe().schedule()));
        later("warmup_epochs", INT, trial -> trial.recipe().warmupEpochs());
        later("engine", TEXT, trial -> trial.computation().engine());
        later("numerics", TEXT, trial -> trial.computation().numerics());
        later("seed_streams", TEXT, trial -> Words.of(trial.seedStreams()));
    }

    private final Column<TrialOutcome, String> backend = ofRun("backend", TEXT, Run::backend);
    private final Column<TrialOutcome, TrialStatus> status =
            column("status", constantOf(TrialStatus.class), TrialOutcome::status);
    private final Column<TrialOutcome, String> statusDetail =
            nullable("status_detail", TEXT, TrialOutcome::statusDetail);
    private final Column<TrialOutcome, Boolean> converged = column("converged", BOOLEAN, TrialOutcome::converged);
    private final Column<TrialOutcome, Long> firstNegativeStep =
            nullable("first_negative_step", LONG, TrialOutcome::firstNegativeStep);
    private final LossColumns train = loss("train", TrialOutcome::train);
    private final LossColumns validation = loss("val", TrialOutcome::validation);
    private final LossColumns test = loss("test", TrialOutcome::test);
    private final Column<TrialOutcome, Double> valTop1 = nullable("val_top1", DOUBLE, TrialOutcome::valTop1);
    private final Column<TrialOutcome, Integer> bestEpoch = nullable("best_epoch", INT, TrialOutcome::bestEpoch);
    private final Column<TrialOutcome, Double> bestTestTop1 =
            nullable("best_test_top1", DOUBLE, TrialOutcome::bestTestTop1);
    private final Column<TrialOutcome, Double> top1 = ofTest("test_top1", TestMetrics::top1);
    private final Column<TrialOutcome, Double> top5 = ofTest("test_top5", TestMetrics::top5);
    private final Column<TrialOutcome, Double> nll = ofTest("test_nll", TestMetrics::nll);
    private final Column<TrialOutcome, Double> brier = ofTest("test_brier", TestMetrics::brier);
    private final Column<TrialOutcome, Double> ece = ofTest("test_ece", TestMetrics::ece);
    private final Column<TrialOutcome, Double> adaEce = ofTest("test_ada_ece", TestMetrics::adaEce);
    private final Column<TrialOutcome, Double> classwiseEce = ofTest("test_classwise_ece", TestMetrics::classwiseEce);
    private final Column<TrialOutcome, Double> calibrationTemperature =
            ofTest("calibration_temperature", part(TestMetrics::scaledByNll, Scaled::temperature));
    private final Column<TrialOutcome, Double> eceScaled =
            ofTest("test_ece_scaled", part(TestMetrics::scaledByNll, Scaled::ece));
    private final Column<TrialOutcome, Double> nllScaled =
            ofTest("test_nll_scaled", part(TestMetrics::scaledByNll, Scaled::nll));
    private final Column<TrialOutcome, Double> temperatureByEce =
            ofTest("calibration_temperature_by_ece", part(TestMetrics::scaledByEce, Scaled::temperature));
    private final Column<TrialOutcome, Double> eceScaledByEce =
            ofTest("test_ece_scaled_by_ece", part(TestMetrics::scaledByEce, Scaled::ece));
    private final Column<TrialOutcome, Double> nllScaledByEce =
            ofTest("test_nll_scaled_by_ece", part(TestMetrics::scaledByEce, Scaled::nll));
    private final Column<TrialOutcome, Double> agreementTop1 = ofTest("agreement_top1", TestMetrics::agreementTop1);
    private final Column<TrialOutcome, Double> imagesPerSecond =
            ofRun("images_per_second", DOUBLE, Run::imagesPerSecond);
    private final Column<TrialOutcome, Double> trainSeconds = ofRun("train_seconds", DOUBLE, Run::trainSeconds);
    private final Column<TrialOutcome, String> host = ofRun("host", TEXT, Run::host);
    private final Column<TrialOutcome, String> device = ofRun("device", TEXT, Run::device);
    private final Column<TrialOutcome, Instant> startedAt = ofRun("started_at", TIMESTAMP, Run::startedAt);
    private final Column<TrialOutcome, Instant> finishedAt = ofRun("finished_at", TIMESTAMP, Run::finishedAt);
    private final Column<TrialOutcome, Integer> attempt = ofRun("attempt", INT, Run::attempt);
    private final Column<TrialOutcome, String> codeVersion = ofRun("code_version", TEXT, Run::codeVersion);
    private final Column<TrialOutcome, String> configJson = ofTrial("config_json", TEXT, TrialJson::write);
    private final Column<TrialOutcome, String> studentUri = nullable("student_uri", TEXT, TrialOutcome::studentUri);

    TrialsTable() {
        super("trials");
    }

    private <V> Column<TrialOutcome, V> ofTrial(String name, ColumnType<V> type, Function<Trial, V> getter) {
        return column(name, type, outcome -> getter.apply(outcome.trial()));
    }

    /** A setting that files of earlier versions lack, so that readers who merge files of both find none in some rows. */
    private <V> void later(String name, ColumnType<V> type, Function<Trial, V> getter) {
        nullable(name, type, outcome -> getter.apply(outcome.trial()));
    }

    private <V> Column<TrialOutcome, V> ofRun(String name, ColumnType<V> type, Function<Run, V> getter) {
        return column(name, type, outcome -> getter.apply(outcome.run()));
    }

    private Column<TrialOutcome, Double> ofTest(String name, Function<TestMetrics, @Nullable Double> getter) {
        return nullable(name, DOUBLE, part(TrialOutcome::testMetrics, getter));
    }

    @Override
    String key(TrialOutcome row) {
        return row.trial().id();
    }

    @Override
    void requireRowsOf(String name, List<TrialOutcome> rows) throws DamagedFileException {
        super.requireRowsOf(name, rows);
        if (!TableFiles.isPack(name)) {
            if (rows.size() != 1) {
                throw new DamagedFileException("it holds " + rows.size() + " rows, not 1");
            }
            return;
        }
        String pack = TableFiles.packOf(rows.stream().map(this::key).collect(Collectors.toSet()));
        if (!pack.equals(name)) {
            throw new DamagedFileException("its trials are those of " + pack);
        }
    }

    @Override
    TrialOutcome fromRow(Row row) {
        return new TrialOutcome(
                trial(row),
                new TeacherMetrics(row.get(teacherTop1), row.get(teacherNll), row.get(teacherEce)),
                row.get(status),
                row.getOrNull(statusDetail),
                row.get(converged),
                row.getOrNull(firstNegativeStep),
                row.get(epochsDone),
                train.read(row),
                validation.read(row),
                test.read(row),
                row.getOrNull(valTop1),
                row.getOrNull(bestEpoch),
                row.getOrNull(bestTestTop1),
                testMetrics(row),
                run(row),
                row.getOrNull(studentUri));
    }

    private Trial trial(Row row) {
        Trial trial = TrialJson.read(row.get(configJson));
        if (!trial.id().equals(row.get(trialId))) {
            throw new IllegalStateException(
                    "its trial_id is " + row.get(trialId) + ", but its config_json is trial " + trial.id());
        }
        return trial;
    }

    private @Nullable TestMetrics testMetrics(Row row) {
        if (row.getOrNull(top1) == null) {
            return null;
        }
        return new TestMetrics(
                row.get(top1),
                row.get(top5),
                row.get(nll),
                row.get(brier),
                row.get(ece),
                row.get(adaEce),
                row.get(classwiseEce),
                scaled(row.getOrNull(calibrationTemperature), row.getIfThere(nllScaled), row.getOrNull(eceScaled)),
                scaled(
                        row.getIfThere(temperatureByEce),
                        row.getIfThere(nllScaledByEce),
                        row.getIfThere(eceScaledByEce)),
                row.get(agreementTop1));
    }

    private static @Nullable Scaled scaled(@Nullable Double temperature, @Nullable Double nll, @Nullable Double ece) {
        return temperature == null || ece == null ? null : new Scaled(temperature, nll, ece);
    }

    private Run run(Row row) {
        return new Run(
                row.get(backend),
                row.get(imagesPerSecond),
                row.get(trainSeconds),
                row.get(host),
                row.get(device),
                row.get(startedAt),
                row.get(finishedAt),
                row.get(attempt),
                row.get(codeVersion));
    }
}
