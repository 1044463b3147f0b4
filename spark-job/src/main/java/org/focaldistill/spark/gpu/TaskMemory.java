package org.focaldistill.spark.gpu;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.SparkEnv;
import org.focaldistill.nn.backend.KernelLibraries;
import org.focaldistill.nn.backend.NativeLimit;
import org.focaldistill.nn.backend.NativeMemoryException;
import org.focaldistill.text.Causes;
import org.focaldistill.text.Words;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a task that got no native memory from taking its process with it: to Spark an OutOfMemoryError is fatal, and in local
 * mode all trials would end with the program.
 *
 * <p>A full Java heap ends the process: any thread may have been hit, Spark's and Hadoop's among them, and what they leave
 * may be a sweep that stands still for days. An executor ends as Spark has it, and a new one goes on from the checkpoints. In
 * local mode Spark would end the program with a stack and a code of its own; here it stops as after Ctrl-C, so that trials
 * that can save do, and says what to set.
 */
public final class TaskMemory {
    private static final Logger LOG = LoggerFactory.getLogger(TaskMemory.class);
    private static final List<Runnable> GIVING = new CopyOnWriteArrayList<>();
    /** The program's code of what its user can mend. */
    private static final int BAD_INPUT = 2;

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
        return guarded(work, isLocal(), () -> new Thread(() -> System.exit(BAD_INPUT), "heap is full").start());
    }

    /**
     * The same.
     *
     * @param local whether tasks run in the driver's process
     * @param end ends that, later
     */
    static <R> R guarded(Work<R> work, boolean local, Runnable end) throws IOException {
        try {
            return work.run();
        } catch (RuntimeException | Error e) {
            NativeMemoryException shortage = NativeMemoryException.of(e);
            if (shortage != null) {
                giveBack();
                throw shortage;
            }
            if (local && Causes.root(e) instanceof OutOfMemoryError full) {
                String sentence = "Java's memory, " + (NativeLimit.heap() >> 20) + " MB, is not enough for all that is"
                        + " trained at a time (" + Words.reason(full)
                        + "). Give it more, FOCALDISTILL_MEMORY=8g say, or"
                        + " set run.slots, and give the same command again: it goes on from the checkpoints";
                LOG.error("The program ends. {}", sentence);
                end.run();
                throw new IllegalStateException(sentence);
            }
            throw e;
        }
    }

    private static boolean isLocal() {
        SparkEnv spark = SparkEnv.get();
        return spark != null && spark.executorId().equals(ExecutorReport.OF_LOCAL_MODE);
    }

    private static void giveBack() {
        KernelLibraries.freeScratchOfThread();
        GIVING.forEach(Runnable::run);
        // ND4J frees arrays when Java's part of them is collected.
        System.gc();
    }
}
