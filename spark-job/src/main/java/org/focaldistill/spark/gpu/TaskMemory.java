package org.focaldistill.spark.gpu;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.focaldistill.nn.backend.KernelLibraries;
import org.focaldistill.nn.backend.NativeMemoryException;

/**
 * Keeps a task that got no native memory from taking its process with it: to Spark an OutOfMemoryError is fatal, and in local
 * mode all trials would end with the program.
 *
 * <p>A full Java heap is left to Spark, which ends the process: any thread may have been hit, Spark's and Hadoop's among
 * them, and nobody knows in what state they are. An executor is replaced by a new one, in local mode the same command goes on
 * from the checkpoints.
 */
public final class TaskMemory {
    private static final List<Runnable> GIVING = new CopyOnWriteArrayList<>();

    private TaskMemory() {}

    /**
     * What a task does.
     *
     * @param <R> what it gives back
     */
    public interface Work<R> {
        R run() throws IOException;
    }

    /** Adds what frees native memory that is kept only to be faster. */
    public static void whenShort(Runnable giveBack) {
        GIVING.add(giveBack);
    }

    /**
     * Does a task's work.
     *
     * @throws NativeMemoryException if there was not the native memory; what can be freed is free by then
     */
    public static <R> R guarded(Work<R> work) throws IOException {
        try {
            return work.run();
        } catch (RuntimeException | Error e) {
            NativeMemoryException shortage = NativeMemoryException.of(e);
            if (shortage == null) {
                throw e;
            }
            giveBack();
            throw shortage;
        }
    }

    private static void giveBack() {
        KernelLibraries.freeScratchOfThread();
        GIVING.forEach(Runnable::run);
        // ND4J frees arrays when Java's part of them is collected.
        System.gc();
    }
}
