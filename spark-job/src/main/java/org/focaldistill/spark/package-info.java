/**
 * The way of a sweep from its plan to its results, on Spark. In come a plan, images and teachers; out go rows of results, a
 * student a trial, and events. Begin at {@link org.focaldistill.spark.SweepJob}; a race is several
 * runs of it, one a round, by {@link org.focaldistill.spark.RaceJob}.
 *
 * <pre>
 * driver    SweepJob         takes the lease, writes the plan, finds the trials without an outcome
 *             TrialScheduler   a thread a slot, which takes one trial after the other
 *               LegLoop          leg after leg to the outcome; after a failure again from the last checkpoint
 *                 BankFiller       sees to the teacher's logits that the leg needs
 *                 SparkCluster     makes the leg one task
 * executor          TrialLeg         turns what training gave into rows, and commits them
 *                     LegRunner        reads the newest checkpoint, gets images and teacher, leaves a checkpoint
 *                       TrialTrainer     epochs, evaluation, best epoch, divergence (package train)
 *                         Student          the steps of an epoch, on the engine that gpu.Engines chose (package nn)
 * </pre>
 *
 * <p>A trial of several slots goes another way between SparkCluster and TrialLeg: AveragingLeg runs its legs in the driver
 * and their steps as tasks. Teachers take the same way, from TeacherJob by TeacherLeg. Workload has
 * account of what the legs have done and have left to do, and Progress says it.
 *
 * <p>What it stands on: {@code bank} and {@code averaging}; {@code input} and {@code cluster} below them; {@code
 * slots}, which keeps account of executors, and {@code gpu} at the bottom. {@code bench} measures all this from above, {@code sql} stands alone.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.spark;
