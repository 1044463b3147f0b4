-- The results of sweeps as Spark SQL views: what "focaldistill sql" and the notebooks ask.
-- In any other Spark: SET results=FOLDER, the folder that holds trials/ and plan/ and whose name has none of []{}*?\, and
-- SET spark.sql.parquet.mergeSchema=true, as files of earlier versions lack some columns; then run the statements below.
-- It takes all files for rows, so there must be no others in the tables' folders, nor rows of trials that were not
-- finished; "focaldistill sql" and the notebooks have the first six views from the store, which sees to that. They have a
-- seventh, races: what sweeps that race know of each cell, as its trial of the first seed. In another Spark that is
-- parquet.`${results}/races`, where a sweep has raced.
-- Comments have lines of their own, and every statement ends with a semicolon at the end of a line.

-- The tables as they are stored. Losses are test_, train_ or val_; components are unweighted, KL already times T^2;
-- accuracies and calibration errors are fractions.
-- planned_at is when a sweep was started or continued last. Plans of schema_version 1 do not say: where there are only
-- such, the name means the NULL outside.
CREATE OR REPLACE TEMPORARY VIEW plan AS
SELECT stored.*
FROM
  (SELECT CAST(NULL AS TIMESTAMP) AS planned_at),
  LATERAL (
    SELECT sweep_id, trial_id, role, planned_at, schema_version, _metadata.file_modification_time AS file_time
    FROM parquet.`${results}/plan`
  ) AS stored;

-- The columns engine and numerics are NULL in rows of schema_version 1, seed_streams in those of 1 and 2, distillation,
-- label_smoothing, calibration_weight, schedule, warmup_epochs and the losses' uniform_ce, distillation and calibration in
-- those of 1 to 3; computation, streams, terms and recipe below have a value in all. Losses' kl, ce and focal mean the same
-- in all rows; distillation is the term of alpha in its form, which terms names. What dist and the calibration penalty take from
-- the batch is in train_ that of a training batch, in val_ and test_ that of all images at once.
CREATE OR REPLACE TEMPORARY VIEW trials AS SELECT * FROM parquet.`${results}/trials`;

CREATE OR REPLACE TEMPORARY VIEW epochs AS SELECT * FROM parquet.`${results}/epochs`;

CREATE OR REPLACE TEMPORARY VIEW reliability AS SELECT * FROM parquet.`${results}/reliability`;

CREATE OR REPLACE TEMPORARY VIEW attempts AS SELECT * FROM parquet.`${results}/attempts`;

-- What trials that have not ended have reached, one row an epoch, as it was a few seconds ago: the columns of epochs, some
-- of trials, and who wrote them when. A trial that has a row in trials is not open, whatever is here. In another Spark
-- there is no such folder before a trial has an epoch, nor where earlier versions wrote the results; then run
--   CREATE OR REPLACE TEMPORARY VIEW open_epochs AS SELECT epochs.*, teacher, student, alpha, beta, gamma, temperature,
--   kl_direction, focal_form, focal_exponent, data_seed, init_seed, config_json
--   FROM epochs JOIN trials ON false
CREATE OR REPLACE TEMPORARY VIEW open_epochs AS SELECT * FROM parquet.`${results}/open_epochs`;

-- How far each sweep is. The newest is the one that was started or continued last. Where its plan does not say when that
-- was, it is when the last of its finished trials was started, of those that no plan has that says so, as these came later
-- and may have trained them; without such trials it is the time of the plan's file, or of any of its trials if earlier.
CREATE OR REPLACE TEMPORARY VIEW sweeps AS
WITH dated AS (
  SELECT
    sweep_id,
    coalesce(
      max(planned_at),
      max(IF(of_dated IS NULL, started_at, NULL)),
      least(max(started_at), max(file_time))) AS planned_at,
    count(DISTINCT trial_id) AS planned,
    count(DISTINCT IF(status IS NOT NULL, trial_id, NULL)) AS finished,
    count(DISTINCT IF(status = 'DIVERGED', trial_id, NULL)) AS diverged,
    count(DISTINCT IF(status = 'STOPPED_EARLY', trial_id, NULL)) AS stopped
  FROM
    plan
    LEFT JOIN (SELECT trial_id, status, started_at FROM trials) USING (trial_id)
    LEFT JOIN (SELECT DISTINCT trial_id, true AS of_dated FROM plan WHERE planned_at IS NOT NULL) USING (trial_id)
  GROUP BY sweep_id
)
SELECT
  sweep_id,
  planned_at,
  sweep_id = (SELECT min(struct(-unix_micros(planned_at), sweep_id)).sweep_id FROM dated) AS newest,
  planned,
  finished,
  diverged,
  stopped
FROM dated;

-- What a trial's config_json says beside the columns: computation is the engine and its numerics, cpu fp32 in all rows that
-- do not say; streams is PLAIN in those; terms is the distillation term and what else the loss has; recipe is the optimisation.
CREATE OR REPLACE TEMPORARY VIEW settings AS
SELECT
  trial_id,
  concat(
    coalesce(get_json_object(config_json, '$.computation.engine'), 'cpu'),
    ' ',
    coalesce(get_json_object(config_json, '$.computation.numerics'), 'fp32')) AS computation,
  coalesce(get_json_object(config_json, '$.seedStreams'), 'PLAIN') AS streams,
  concat(
    lower(replace(coalesce(get_json_object(config_json, '$.loss.distillation.form'), 'KL'), '_', '-')),
    coalesce(' ' || nullif(get_json_object(config_json, '$.loss.distillation.parameters'), '{}'), ''),
    coalesce(', growing over ' || nullif(get_json_object(config_json, '$.loss.distillation.warmupEpochs'), '0'), ''),
    coalesce(', until ' || nullif(get_json_object(config_json, '$.loss.distillation.lastEpoch'), '0'), ''),
    coalesce(', label smoothing ' || nullif(get_json_object(config_json, '$.loss.labelSmoothing'), '0.0'), ''),
    coalesce(', calibration ' || nullif(get_json_object(config_json, '$.loss.calibrationWeight'), '0.0'), '')) AS terms,
  CAST(coalesce(get_json_object(config_json, '$.loss.labelSmoothing'), '0') AS DOUBLE) AS smoothing,
  CAST(coalesce(get_json_object(config_json, '$.loss.calibrationWeight'), '0') AS DOUBLE) AS penalty,
  concat(
    get_json_object(config_json, '$.recipe.epochs'),
    ' epochs, batch ',
    get_json_object(config_json, '$.recipe.batchSize'),
    ', rate ',
    get_json_object(config_json, '$.recipe.learningRate'),
    ' ',
    lower(coalesce(get_json_object(config_json, '$.recipe.schedule'), 'STEPS')),
    ' ',
    get_json_object(config_json, '$.recipe.dropAt'),
    ' x ',
    get_json_object(config_json, '$.recipe.dropFactor'),
    ', warm-up ',
    coalesce(get_json_object(config_json, '$.recipe.warmupEpochs'), '0'),
    ', momentum ',
    get_json_object(config_json, '$.recipe.momentum'),
    ', weight decay ',
    get_json_object(config_json, '$.recipe.weightDecay')) AS recipe
FROM (SELECT trial_id, config_json FROM trials UNION SELECT trial_id, config_json FROM open_epochs);

-- The finished trials of every sweep with their roles in it (baseline, grid, line, reference, point, variant). A trial that several
-- sweeps planned is in each of them: ask with WHERE newest, or for one sweep_id. So in all views below. Trials
-- with the same data_seed, init_seed and streams share data order and initial weights.
CREATE OR REPLACE TEMPORARY VIEW sweep_trials AS
SELECT
  sweep_id,
  newest,
  roles,
  concat(teacher, ' -> ', student) AS pair,
  computation,
  streams,
  terms,
  smoothing,
  penalty,
  recipe,
  CAST(get_json_object(to_json(struct(trials.*)), '$.test_loss_uniform_ce') AS DOUBLE) AS uniform_ce,
  IF(
    trials.schema_version < 4,
    test_loss_kl,
    CAST(get_json_object(to_json(struct(trials.*)), '$.test_loss_distillation') AS DOUBLE)) AS distillation_in_its_form,
  CAST(get_json_object(to_json(struct(trials.*)), '$.test_loss_calibration') AS DOUBLE) AS mdca,
  trials.*
FROM
  (SELECT sweep_id, trial_id, array_join(array_sort(collect_set(role)), ',') AS roles
    FROM plan GROUP BY sweep_id, trial_id)
  JOIN (SELECT sweep_id, newest FROM sweeps) USING (sweep_id)
  JOIN trials USING (trial_id)
  JOIN settings USING (trial_id);

-- Trials that differ by their seeds alone: means and standard deviations over those that ran to their end; the others are
-- counted. Where some seeds were stopped early the mean flatters the cell, as the worst ones are missing. All losses are
-- of the test images but train_loss; loss is measured with the cell's own weights, ce is the same yardstick for all.
-- ce_se is the standard error of ce: the variances of the means of data seeds and of init seeds, each by its own number,
-- added where both vary and every one meets every other; so ten trials of two initialisations count as two of these.
CREATE OR REPLACE TEMPORARY VIEW cells AS
SELECT
  sweep_id,
  newest,
  pair,
  computation,
  temperature,
  kl_direction,
  focal_form,
  focal_exponent,
  terms,
  recipe,
  alpha,
  beta,
  gamma,
  max(roles) AS roles,
  count(test_top1) FILTER (WHERE status = 'OK') AS seeds,
  count_if(status = 'DIVERGED') AS diverged,
  count_if(status = 'STOPPED_EARLY') AS stopped,
  avg(train_loss_total) FILTER (WHERE status = 'OK') AS train_loss,
  avg(test_loss_total) FILTER (WHERE status = 'OK') AS loss,
  stddev_samp(test_loss_total) FILTER (WHERE status = 'OK') AS loss_sd,
  avg(test_loss_kl) FILTER (WHERE status = 'OK') AS kl,
  avg(test_loss_ce) FILTER (WHERE status = 'OK') AS ce,
  stddev_samp(test_loss_ce) FILTER (WHERE status = 'OK') AS ce_sd,
  avg(val_loss_ce) FILTER (WHERE status = 'OK') AS held_out_ce,
  avg(test_loss_focal) FILTER (WHERE status = 'OK') AS focal,
  avg(test_top1) FILTER (WHERE status = 'OK') AS top1,
  stddev_samp(test_top1) FILTER (WHERE status = 'OK') AS top1_sd,
  avg(test_ece) FILTER (WHERE status = 'OK') AS ece,
  stddev_samp(test_ece) FILTER (WHERE status = 'OK') AS ece_sd,
  sqrt(CASE
    WHEN count(ce_data_seed) < 2 THEN NULL
    WHEN count(DISTINCT ce_data_seed) = 1 THEN var_pop(ce_of_init) / (count(DISTINCT ce_init_seed) - 1)
    WHEN count(DISTINCT ce_init_seed) IN (1, count(ce_data_seed)) THEN
      var_pop(ce_of_data) / (count(DISTINCT ce_data_seed) - 1)
    ELSE var_pop(ce_of_data) / (count(DISTINCT ce_data_seed) - 1)
      + var_pop(ce_of_init) / (count(DISTINCT ce_init_seed) - 1)
  END) AS ce_se
FROM (
  SELECT
    *,
    IF(status = 'OK', data_seed, NULL) AS ce_data_seed,
    IF(status = 'OK', init_seed, NULL) AS ce_init_seed,
    IF(status = 'OK', avg(IF(status = 'OK', test_loss_ce, NULL)) OVER (PARTITION BY
      sweep_id, pair, computation, temperature, kl_direction, focal_form, focal_exponent, terms, recipe, alpha, beta, gamma, data_seed), NULL)
      AS ce_of_data,
    IF(status = 'OK', avg(IF(status = 'OK', test_loss_ce, NULL)) OVER (PARTITION BY
      sweep_id, pair, computation, temperature, kl_direction, focal_form, focal_exponent, terms, recipe, alpha, beta, gamma, init_seed), NULL)
      AS ce_of_init
  FROM sweep_trials
)
GROUP BY ALL;

-- The grid's cells, totals beside two yardsticks that are the same in all of them: cross entropy alone, and the weights
-- 0.5, 0.5, 0.
CREATE OR REPLACE TEMPORARY VIEW heat_map AS
SELECT
  sweep_id,
  newest,
  pair,
  computation,
  temperature,
  kl_direction,
  focal_form,
  focal_exponent,
  terms,
  recipe,
  alpha,
  gamma,
  beta,
  seeds,
  diverged,
  stopped,
  train_loss,
  loss AS test_loss,
  ce AS at_ce,
  0.5 * kl + 0.5 * ce AS at_half_half,
  top1,
  ece
FROM cells
WHERE roles LIKE '%grid%';

-- All cells of a sweep and pair, the best first. chosen_by is what gives them their place: 'held-out', cross entropy on
-- held-out images, or where there are none 'test', that on the test images. ce is that on the test images, ce_se its
-- standard error over seeds, and ce_above_best its distance from the cell in the first place, below 0 where that cell is not
-- the best on the test images. The best of many cells is the luckiest, too, so its own ce promises too much. What choosing
-- the first place is worth is best_ce_expected, the same in all rows: each seed gives the ce of the cell that the other
-- seeds put first, and this is their mean; NULL with one seed. Seeds are others if neither their data nor their weights are
-- the same, unless all have the same. Of a sweep that raced cells have different seeds, and those with more differ from the
-- others by their seeds too: what it found is in races.
CREATE OR REPLACE TEMPORARY VIEW best_cells AS
WITH by_seed AS (
  SELECT
    sweep_id,
    pair,
    struct(computation, temperature, kl_direction, focal_form, focal_exponent, terms, recipe, alpha, beta, gamma) AS cell,
    data_seed,
    init_seed,
    min(data_seed) OVER (PARTITION BY sweep_id, pair) = max(data_seed) OVER (PARTITION BY sweep_id, pair) AS one_data,
    min(init_seed) OVER (PARTITION BY sweep_id, pair) = max(init_seed) OVER (PARTITION BY sweep_id, pair) AS one_init,
    test_loss_ce AS ce,
    coalesce(val_loss_ce, test_loss_ce) AS choice
  FROM sweep_trials
  WHERE status = 'OK'
),
by_other_seeds AS (
  SELECT own.sweep_id, own.pair, own.cell, own.data_seed, own.init_seed, own.ce, avg(other.choice) AS choice
  FROM
    by_seed AS own
    JOIN by_seed AS other
      ON own.sweep_id = other.sweep_id
        AND own.pair = other.pair
        AND own.cell = other.cell
        AND (own.data_seed <> other.data_seed OR own.one_data)
        AND (own.init_seed <> other.init_seed OR own.one_init)
        AND (own.data_seed <> other.data_seed OR own.init_seed <> other.init_seed)
  GROUP BY ALL
),
chosen AS (
  SELECT sweep_id, pair, data_seed, init_seed, min_by(ce, choice) AS ce FROM by_other_seeds GROUP BY ALL
),
expected AS (
  SELECT sweep_id, pair, avg(ce) AS best_ce_expected FROM chosen GROUP BY ALL
)
SELECT
  rank() OVER by_choice AS place,
  IF(held_out_ce IS NULL, 'test', 'held-out') AS chosen_by,
  ce - first_value(ce) OVER by_choice AS ce_above_best,
  best_ce_expected,
  cells.*
FROM cells LEFT JOIN expected USING (sweep_id, pair)
WHERE seeds > 0
WINDOW by_choice AS (PARTITION BY sweep_id, pair ORDER BY coalesce(held_out_ce, ce));

-- Calibration by cell, means over seeds that ran to their end. overconfidence is mean confidence less accuracy; the scaled
-- error is after temperature scaling, where images were held out to fit the temperature.
CREATE OR REPLACE TEMPORARY VIEW calibration AS
SELECT
  sweep_id,
  newest,
  pair,
  computation,
  temperature,
  kl_direction,
  focal_form,
  focal_exponent,
  terms,
  recipe,
  alpha,
  beta,
  gamma,
  count(test_ece) FILTER (WHERE status = 'OK') AS seeds,
  count_if(status = 'STOPPED_EARLY') AS stopped,
  avg(test_top1) FILTER (WHERE status = 'OK') AS top1,
  avg(test_nll) FILTER (WHERE status = 'OK') AS nll,
  avg(test_brier) FILTER (WHERE status = 'OK') AS brier,
  avg(test_ece) FILTER (WHERE status = 'OK') AS ece,
  stddev_samp(test_ece) FILTER (WHERE status = 'OK') AS ece_sd,
  avg(test_ada_ece) FILTER (WHERE status = 'OK') AS ada_ece,
  avg(test_classwise_ece) FILTER (WHERE status = 'OK') AS classwise_ece,
  avg(overconfidence) FILTER (WHERE status = 'OK') AS overconfidence,
  avg(calibration_temperature) FILTER (WHERE status = 'OK') AS calibration_temperature,
  avg(test_ece_scaled) FILTER (WHERE status = 'OK') AS ece_scaled
FROM
  sweep_trials
  LEFT JOIN
    (SELECT trial_id, sum(count * (confidence - accuracy)) / sum(count) AS overconfidence
      FROM reliability WHERE count > 0 GROUP BY trial_id)
  USING (trial_id)
GROUP BY ALL;

-- The reliability diagram of a cell: the bins of its seeds together, of those that ran to their end. As their test images are the same, low and high, the
-- 95 % interval (Wilson) of accuracy, are as far apart as for as many images as a seed has in the bin, which is images.
CREATE OR REPLACE TEMPORARY VIEW cell_reliability AS
WITH bins AS (
  SELECT
    sweep_id,
    newest,
    pair,
    computation,
    temperature,
    kl_direction,
    focal_form,
    focal_exponent,
    terms,
    recipe,
    alpha,
    beta,
    gamma,
    bin,
    lower,
    upper,
    sum(count) AS count,
    sum(count * confidence) / sum(count) AS confidence,
    sum(count * accuracy) / sum(count) AS accuracy,
    sum(count) / count(*) AS images
  FROM sweep_trials JOIN (SELECT * FROM reliability WHERE count > 0) USING (trial_id)
  WHERE status = 'OK'
  GROUP BY ALL
)
SELECT
  bins.*,
  (accuracy + 1.920729 / images - sqrt(3.841459 * accuracy * (1 - accuracy) / images + pow(1.920729 / images, 2)))
    / (1 + 3.841459 / images) AS low,
  (accuracy + 1.920729 / images + sqrt(3.841459 * accuracy * (1 - accuracy) / images + pow(1.920729 / images, 2)))
    / (1 + 3.841459 / images) AS high
FROM bins;

-- Each cell's difference of the test total from each baseline with the same seeds, split in two: what the baseline's
-- own network gives when it is measured with the cell's weights (by_yardstick), and what the cell's network does better
-- or worse than that (learned). Means over the seeds of which both ran to their end.
CREATE OR REPLACE TEMPORARY VIEW yardstick AS
SELECT
  sweep_id,
  newest,
  pair,
  computation,
  temperature,
  kl_direction,
  focal_form,
  focal_exponent,
  terms,
  recipe,
  alpha,
  beta,
  gamma,
  baseline_alpha,
  baseline_beta,
  baseline_gamma,
  count(*) AS seeds,
  avg(total - baseline_total) AS difference,
  avg(baseline_remeasured - baseline_total) AS by_yardstick,
  avg(total - baseline_remeasured) AS learned,
  stddev_samp(total - baseline_remeasured) AS learned_sd
FROM (
  SELECT
    cell.sweep_id,
    cell.newest,
    cell.pair,
    cell.computation,
    cell.temperature,
    cell.kl_direction,
    cell.focal_form,
    cell.focal_exponent,
    cell.terms,
    cell.recipe,
    cell.alpha,
    cell.beta,
    cell.gamma,
    baseline.alpha AS baseline_alpha,
    baseline.beta AS baseline_beta,
    baseline.gamma AS baseline_gamma,
    cell.test_loss_total AS total,
    baseline.test_loss_total AS baseline_total,
    cell.alpha * baseline.distillation_in_its_form
      + cell.beta * baseline.test_loss_ce
      + IF(cell.smoothing = 0, 0, cell.beta * cell.smoothing * (baseline.uniform_ce - baseline.test_loss_ce))
      + cell.gamma * baseline.test_loss_focal
      + IF(cell.penalty = 0, 0, cell.penalty * baseline.mdca)
      AS baseline_remeasured
  FROM
    sweep_trials AS cell
    JOIN sweep_trials AS baseline
      ON cell.sweep_id = baseline.sweep_id
        AND cell.pair = baseline.pair
        AND cell.computation = baseline.computation
        AND cell.temperature = baseline.temperature
        AND cell.kl_direction = baseline.kl_direction
        AND cell.focal_form = baseline.focal_form
        AND cell.focal_exponent = baseline.focal_exponent
        AND cell.terms = baseline.terms
        AND cell.recipe = baseline.recipe
        AND cell.data_seed = baseline.data_seed
        AND cell.init_seed = baseline.init_seed
        AND cell.streams = baseline.streams
  WHERE
    baseline.roles LIKE '%baseline%'
    AND cell.status = 'OK'
    AND baseline.status = 'OK'
)
GROUP BY ALL;

-- Learning curves: every epoch of every trial beside the trial's settings and outcome, also while it trains. A trial is
-- open until it has an outcome; its status, status_detail and converged are NULL. Means of cells are WHERE NOT open. Of
-- losses it has what all trials share; epochs has the other parts, too.
CREATE OR REPLACE TEMPORARY VIEW curves AS
SELECT
  sweep_id,
  newest,
  pair,
  computation,
  temperature,
  kl_direction,
  focal_form,
  focal_exponent,
  terms,
  recipe,
  alpha,
  beta,
  gamma,
  data_seed,
  init_seed,
  status,
  status_detail,
  converged,
  false AS open,
  epochs.trial_id,
  epochs.epoch,
  epochs.learning_rate,
  epochs.train_loss_total,
  epochs.train_loss_kl,
  epochs.train_loss_ce,
  epochs.train_loss_focal,
  epochs.val_loss_total,
  epochs.val_loss_kl,
  epochs.val_loss_ce,
  epochs.val_loss_focal,
  epochs.val_top1,
  epochs.val_ece,
  epochs.grad_norm,
  epochs.seconds,
  epochs.images_per_second,
  epochs.schema_version
FROM
  (SELECT * FROM sweep_trials) AS trial
  JOIN epochs ON epochs.trial_id = trial.trial_id
UNION ALL
SELECT
  sweep_id,
  newest,
  concat(teacher, ' -> ', student) AS pair,
  computation,
  temperature,
  kl_direction,
  focal_form,
  focal_exponent,
  terms,
  recipe,
  alpha,
  beta,
  gamma,
  data_seed,
  init_seed,
  CAST(NULL AS STRING) AS status,
  CAST(NULL AS STRING) AS status_detail,
  CAST(NULL AS BOOLEAN) AS converged,
  true AS open,
  trial_id,
  epoch,
  learning_rate,
  train_loss_total,
  train_loss_kl,
  train_loss_ce,
  train_loss_focal,
  val_loss_total,
  val_loss_kl,
  val_loss_ce,
  val_loss_focal,
  val_top1,
  val_ece,
  grad_norm,
  seconds,
  images_per_second,
  schema_version
FROM
  open_epochs
  JOIN settings USING (trial_id)
  JOIN (SELECT DISTINCT sweep_id, trial_id FROM plan) USING (trial_id)
  JOIN (SELECT sweep_id, newest FROM sweeps) USING (sweep_id)
  LEFT ANTI JOIN (SELECT trial_id FROM trials) USING (trial_id);
