package org.focaldistill.nn.onednn;

import java.util.EnumMap;
import java.util.Map;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;
import org.focaldistill.nn.Alignment;

/**
 * What one thread runs primitives with: a stream, and memory that all kernels of the thread use one after the other, so
 * that it stays in the processor's caches.
 */
final class OneDnnLane {
    private static final ThreadLocal<OneDnnLane> OF_THREADS = new ThreadLocal<>();

    private final stream stream;
    private final Map<OneDnnScratch, BytePointer> rooms = new EnumMap<>(OneDnnScratch.class);

    private OneDnnLane(stream stream) {
        this.stream = stream;
    }

    static OneDnnLane ofThisThread(engine cpu) {
        OneDnnLane lane = OF_THREADS.get();
        if (lane == null) {
            lane = new OneDnnLane(new stream(cpu));
            OF_THREADS.set(lane);
        }
        return lane;
    }

    /** Frees this thread's, if it has one. */
    static void free() {
        OneDnnLane lane = OF_THREADS.get();
        OF_THREADS.remove();
        if (lane != null) {
            lane.rooms.values().forEach(BytePointer::close);
            lane.rooms.clear();
        }
    }

    dnnl_stream stream() {
        return stream.get();
    }

    /** Where the room begins; the same as before unless it has to grow, which loses what is in it. */
    long address(OneDnnScratch room, long bytes) {
        BytePointer memory = rooms.get(room);
        if (memory == null || memory.capacity() < bytes + Alignment.BYTES) {
            memory = grow(room, bytes + Alignment.BYTES);
        }
        return Alignment.next(memory.address());
    }

    private BytePointer grow(OneDnnScratch room, long bytes) {
        // Removed first: there may be no memory for the new one.
        BytePointer old = rooms.remove(room);
        if (old != null) {
            old.close();
        }
        BytePointer memory = new BytePointer(bytes);
        rooms.put(room, memory);
        return memory;
    }
}
