package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.focaldistill.sweep.SampleOutcomes.diverged;
import static org.focaldistill.sweep.SampleOutcomes.epochs;
import static org.focaldistill.sweep.SampleOutcomes.ok;
import static org.focaldistill.sweep.SampleOutcomes.reliability;
import static org.focaldistill.sweep.SampleOutcomes.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.Trial;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultStoreSparkTest {
    private static final Trial FINE = trial(0.1, 0.9, 0.01, 1);
    private static final Trial BAD = trial(0.9, 0.1, 1, 1);

    private static SparkSession spark;

    @BeforeAll
    static void writeResults(@TempDir Path directory) throws IOException {
        ResultStore store = new ResultStore(new Configuration(), new org.apache.hadoop.fs.Path(directory.toUri()));
        store.commit(ok(FINE), epochs(FINE, 3), reliability(FINE));
        store.commit(diverged(BAD), List.of(), List.of());
        store.writePlan(
                "study",
                List.of(
                        new PlannedTrial(FINE, Set.of(Role.GRID, Role.BASELINE)),
                        new PlannedTrial(BAD, Set.of(Role.GRID))));
        spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", 1)
                .getOrCreate();
        for (String table : List.of("trials", "epochs", "reliability", "plan")) {
            spark.read().parquet(directory.resolve(table).toString()).createOrReplaceTempView(table);
        }
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @Test
    void joinsTrialsAndPlan() {
        List<Row> rows = spark.sql(
                        "SELECT role, status, test_loss_total, test_top1 FROM trials JOIN plan USING (trial_id)"
                                + " WHERE sweep_id = 'study' ORDER BY alpha, role")
                .collectAsList();

        assertThat(rows).extracting(row -> row.getString(0)).containsExactly("baseline", "grid", "grid");
        assertThat(rows.get(0).getDouble(3))
                .isEqualTo(Objects.requireNonNull(ok(FINE).testMetrics()).top1());
        assertThat(rows.get(2).getString(1)).isEqualTo("DIVERGED");
        assertThat(rows.get(2).isNullAt(2)).isTrue();
    }

    @Test
    void writesSettingsAsTheWordsOfAConfiguration() {
        assertThat(spark.sql("SELECT DISTINCT kl_direction, focal_form, teacher_mode FROM trials")
                        .first()
                        .toSeq()
                        .mkString(" "))
                .isEqualTo("teacher-student fixed online");
    }

    @Test
    void readsTimestampsAsUtcInstants() {
        assertThat(spark.table("trials").schema().apply("started_at").dataType())
                .isEqualTo(DataTypes.TimestampType);
        assertThat(spark.sql("SELECT DISTINCT CAST(started_at AS STRING) FROM trials")
                        .first()
                        .getString(0))
                .isEqualTo("2026-03-01 10:00:00.123456");
    }

    @Test
    void readsTablesOfWhichSomeFilesAreEmpty() {
        assertThat(spark.sql("SELECT e.epoch FROM epochs e JOIN trials t USING (trial_id) ORDER BY epoch")
                        .collectAsList())
                .extracting(row -> row.getInt(0))
                .containsExactly(1, 2, 3);
        assertThat(spark.table("reliability").count()).isEqualTo(15);
    }

    @Test
    void hasTheColumnsOfTheSchemaInTheirOrder() {
        assertThat(spark.table("trials").columns())
                .containsExactly(("trial_id dataset dataset_hash generated teacher"
                                + " teacher_hash teacher_test_top1 teacher_test_nll teacher_test_ece student alpha beta gamma"
                                + " temperature kl_direction focal_form focal_exponent data_seed init_seed epochs epochs_done"
                                + " batch_size learning_rate workers averaging_frequency teacher_mode distillation calibration_weight label_smoothing schedule warmup_epochs engine numerics seed_streams backend status"
                                + " status_detail converged first_negative_step train_loss_total train_loss_kl train_loss_ce"
                                + " train_loss_focal train_loss_uniform_ce train_loss_distillation train_loss_calibration val_loss_total val_loss_kl val_loss_ce val_loss_focal val_loss_uniform_ce val_loss_distillation val_loss_calibration test_loss_total"
                                + " test_loss_kl test_loss_ce test_loss_focal test_loss_uniform_ce test_loss_distillation test_loss_calibration val_top1 best_epoch best_test_top1 test_top1"
                                + " test_top5 test_nll test_brier test_ece test_ada_ece test_classwise_ece"
                                + " calibration_temperature test_ece_scaled test_nll_scaled calibration_temperature_by_ece"
                                + " test_ece_scaled_by_ece test_nll_scaled_by_ece agreement_top1 images_per_second train_seconds host"
                                + " device started_at finished_at attempt code_version config_json student_uri schema_version")
                        .split(" ", -1));
        assertThat(spark.table("epochs").columns())
                .containsExactly(("trial_id epoch learning_rate train_loss_total"
                                + " train_loss_kl train_loss_ce train_loss_focal train_loss_uniform_ce train_loss_distillation train_loss_calibration val_loss_total val_loss_kl val_loss_ce"
                                + " val_loss_focal val_loss_uniform_ce val_loss_distillation val_loss_calibration val_top1 val_ece grad_norm seconds images_per_second schema_version")
                        .split(" ", -1));
        assertThat(spark.table("plan").columns())
                .containsExactly("sweep_id", "trial_id", "role", "planned_at", "schema_version");
    }
}
