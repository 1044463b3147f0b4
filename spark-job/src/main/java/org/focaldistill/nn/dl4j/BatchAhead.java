package org.focaldistill.nn.dl4j;

import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.Views;
import org.focaldistill.net.ImageInput;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The batches of an epoch, each cropped, flipped and normalised on a thread of its own while the network trains on the
 * one before. Belongs to the thread that trains; {@link #close} ends the other one.
 */
final class BatchAhead implements AutoCloseable {
    private final ImageSet images;
    private final DataType type;
    private final ImageBatch room;
    private final int batchSize;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(BatchAhead::thread);

    private int[] order = {};
    private int position;
    private int from;
    private @Nullable Future<Batch> next;

    /**
     * A batch.
     *
     * @param indices which training images these are
     * @param images {@code [indices, side, side, 3]}
     */
    record Batch(int[] indices, INDArray images) {}

    BatchAhead(ImageSet images, ImageInput input, DataType type, int batchSize) {
        this.images = images;
        this.type = type;
        this.batchSize = batchSize;
        this.room = new ImageBatch(input, batchSize);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "batches of " + Thread.currentThread().getName());
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Begins an epoch.
     *
     * @param epochOrder indices of its images in their order
     * @param viewPosition the position in each image's order of views
     */
    void start(int[] epochOrder, int viewPosition) {
        drop();
        order = epochOrder;
        position = viewPosition;
        from = 0;
        prepare();
    }

    /** The next batch; null after the epoch's last, which may be a short one. */
    @Nullable Batch next() {
        Future<Batch> ready = next;
        if (ready == null) {
            return null;
        }
        try {
            Batch batch = ready.get();
            prepare();
            return batch;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a batch", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot make a batch", e.getCause());
        }
    }

    private void prepare() {
        if (from == order.length) {
            next = null;
            return;
        }
        int to = Math.min(from + batchSize, order.length);
        int[] indices = Arrays.copyOfRange(order, from, to);
        int ofEpoch = position;
        from = to;
        next = worker.submit(() -> batch(indices, ofEpoch));
    }

    private Batch batch(int[] indices, int ofEpoch) {
        room.fill(images, indices, index -> Views.of(index, ofEpoch));
        return new Batch(indices, room.toArray(type));
    }

    /** Forgets a batch that nobody waits for any more, as after a stop in the middle of an epoch. */
    private void drop() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }

    @Override
    public void close() {
        drop();
        worker.shutdown();
    }
}
