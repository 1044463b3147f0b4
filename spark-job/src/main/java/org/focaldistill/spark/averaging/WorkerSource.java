package org.focaldistill.spark.averaging;

import java.io.Serializable;
import org.focaldistill.nn.averaging.RoundWorker;

/** Makes a worker's network where it is to train. */
public interface WorkerSource extends Serializable {
    RoundWorker open();
}
