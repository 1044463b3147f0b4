package org.focaldistill.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads many small files, several at a time: most of it is waiting, for a name node and for disks. */
final class ParallelReads {
    private static final int AT_A_TIME = 8;

    private ParallelReads() {}

    /** What a file is made into. */
    interface Reader<F, R> {
        R read(F file) throws IOException;
    }

    /**
     * Reads all files.
     *
     * @return what each is made into, in the order of the files
     */
    static <F, R> List<R> all(List<F> files, Reader<F, R> reader) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, Math.min(AT_A_TIME, files.size())));
        try {
            List<Future<R>> reads = new ArrayList<>();
            files.forEach(file -> reads.add(threads.submit(() -> reader.read(file))));
            List<R> results = new ArrayList<>();
            for (Future<R> read : reads) {
                results.add(read.get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException known) {
                throw known;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("Files could not be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while files were read");
        } finally {
            threads.shutdownNow();
        }
    }
}
