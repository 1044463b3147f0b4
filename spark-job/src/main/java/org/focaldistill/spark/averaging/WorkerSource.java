package org.focaldistill.spark.averaging;

import java.io.IOException;
import java.io.Serializable;
import org.focaldistill.nn.averaging.RoundWorker;

/** Makes a worker's network where it is to train. */
public interface WorkerSource extends Serializable {
    /** @throws IOException if what it trains on can not be read */
    RoundWorker open() throws IOException;
}
