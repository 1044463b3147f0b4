package org.focaldistill.spark.averaging;

import java.io.Serializable;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.focaldistill.nn.averaging.WorkerNote;

/**
 * What the workers of one round tell the driver. Spark loses what a failed task has told, so nothing that is to be known
 * may fail one.
 *
 * @param notes of the workers
 * @param trainedImages counts their images
 */
record RoundNotes(CollectionAccumulator<WorkerNote> notes, LongAccumulator trainedImages) implements Serializable {}
