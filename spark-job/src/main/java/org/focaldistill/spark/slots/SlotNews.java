package org.focaldistill.spark.slots;

import java.time.Duration;

/** What changes about the slots while work runs. Called in the order of the changes, from one thread. */
public interface SlotNews {
    /** @param slots of all executors, this one's included */
    void came(String executor, String host, int slots);

    /** @param slots of those that are left */
    void lost(String executor, String host, String reason, int slots);

    /**
     * An executor that came gets nothing.
     *
     * @param why in words
     */
    void unusable(String executor, String host, String why);

    /**
     * Nothing is given to an executor or a machine for a while.
     *
     * @param place for people, for example {@code executor 3 on host-b}
     * @param failures works that failed there in a row
     * @param reason of the last one
     */
    void barred(String place, int failures, Duration pause, String reason);

    /** Works fail on all executors: none is kept from work any longer. */
    void allFail();

    /** Something has succeeded where it was barred. */
    void trusted(String place);
}
