package org.focaldistill.train;

import java.io.IOException;
import org.focaldistill.sweep.Computation;

/** A checkpoint that is sound, but that another engine or other numerics wrote; the message says what to do. */
public final class ForeignCheckpointException extends IOException {
    private static final long serialVersionUID = 1;

    ForeignCheckpointException(String file, Computation writer, Computation wanted) {
        super("Cannot go on from " + file + ": " + writer + " wrote it, and " + wanted
                + " is to go on. Delete the folder it is in to begin the training anew");
    }
}
