package org.focaldistill.spark.averaging;

import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.focaldistill.nn.averaging.TrainingBatches;

/** Opens the images and the teacher of a worker's batches where it is to train. */
public interface BatchSource extends Serializable {
    /**
     * Opens them.
     *
     * @param task the worker's, at whose end they are to be closed
     * @throws IOException if they can not be read
     */
    TrainingBatches open(Configuration configuration, TaskContext task) throws IOException;
}
