package org.focaldistill.store;

import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The right of a driver's tasks to write to a folder that it holds. They may outlive their driver, or its lease, and ask
 * before they write.
 *
 * @param folder that is held
 * @param holder the id of the lease's holder
 */
public record WritePermit(String folder, String holder) implements Serializable {
    /**
     * Comes before what is written.
     *
     * @throws TryAgainException if another driver has taken the folder over; a folder that nobody holds is free
     * @throws IOException if that can not be read
     */
    public void requireValid(Configuration configuration) throws IOException {
        Lease.Holder found = new LeaseFile(configuration, new Path(folder)).read();
        if (found != null && !found.id().equals(holder)) {
            throw new TryAgainException(
                    Lease.takenOver(folder, found) + "; nothing more is written for the driver before");
        }
    }
}
