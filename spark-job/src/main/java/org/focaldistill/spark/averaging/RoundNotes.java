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
 * @param trainedImages counts the images of the steps they made
 */
record RoundNotes(CollectionAccumulator<WorkerNote> notes, LongAccumulator trainedImages) implements Serializable {
    /** Images count when their step is made: a worker may be given all batches of a round before it makes the first. */
    void add(WorkerNote note) {
        notes.add(note);
        if (note instanceof WorkerNote.Made made) {
            trainedImages.add(made.images());
        }
    }
}
