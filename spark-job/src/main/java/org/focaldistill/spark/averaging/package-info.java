/**
 * Rounds of parameter averaging by Deeplearning4j's training master, as Spark jobs. In come a network and the batches of
 * each worker; out go the averaged network and what the workers noted. Begin at
 * {@link org.focaldistill.spark.averaging.SparkRounds}; AveragingMaster sends AveragingWorker to the tasks, where
 * BatchLoader makes the batches.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.spark.averaging;
