package org.focaldistill.spark;

import java.io.Serializable;
import org.focaldistill.train.RoundWorker;

/** Makes a worker's network where it is to train. */
interface WorkerSource extends Serializable {
    RoundWorker open();
}
