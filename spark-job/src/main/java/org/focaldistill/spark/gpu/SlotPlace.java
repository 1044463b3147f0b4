package org.focaldistill.spark.gpu;

import org.focaldistill.text.MachineName;
import org.focaldistill.train.Engine;

/**
 * Where a task runs.
 *
 * @param host the machine's name
 * @param device {@code gpu N} if the engine works on one, else {@code cpu}; {@code k slots} where several train together
 * @param backend what computes there, as its engine says
 */
public record SlotPlace(String host, String device, String backend) {

    /** The calling task. */
    public static SlotPlace here(Engine engine) {
        return new SlotPlace(MachineName.get(), GpuBinding.device(engine), engine.description());
    }

    /**
     * The driver, for what it does with several slots.
     *
     * @param backend what computes on them
     */
    public static SlotPlace ofDriver(int slots, String backend) {
        return new SlotPlace(MachineName.get(), slots + " slots", backend);
    }
}
