package org.focaldistill.nn.fold;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.focaldistill.nn.Alignment;
import org.focaldistill.nn.KernelLibrary;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Memory for the results of a network's nodes, used again when the last node that needs a result is done. */
final class ResultMemory implements AutoCloseable {
    private final DataType type;
    private final boolean aligned;
    private final Map<String, Result> results = new HashMap<>();
    private final Map<Long, Deque<INDArray>> free = new HashMap<>();

    private static final class Result {
        private final INDArray buffer;
        private final INDArray array;
        private int uses;

        Result(INDArray buffer, INDArray array, int uses) {
            this.buffer = buffer;
            this.array = array;
            this.uses = uses;
        }
    }

    /** @param aligned whether results begin with a cache line, see {@link KernelLibrary#wantsAligned} */
    ResultMemory(DataType type, boolean aligned) {
        this.type = type;
        this.aligned = aligned;
    }

    /** Makes room for a result. */
    INDArray put(String name, int uses, long... shape) {
        long length = ArrayUtil.prodLong(shape);
        if (aligned) {
            length = Alignment.lengthFor(length);
        }
        INDArray buffer =
                free.computeIfAbsent(length, key -> new ArrayDeque<>()).poll();
        if (buffer == null) {
            buffer = Nd4j.createUninitializedDetached(type, length);
        }
        INDArray array =
                aligned ? Alignment.within(buffer, shape, Nd4j.getStrides(shape, 'c')) : buffer.reshape('c', shape);
        return keep(name, buffer, array, uses);
    }

    /** Gives an old result's array to a new one of the same shape. */
    INDArray takeOver(String old, String name, int uses) {
        Result result = Objects.requireNonNull(results.remove(old), old);
        return keep(name, result.buffer, result.array, uses);
    }

    private INDArray keep(String name, INDArray buffer, INDArray array, int uses) {
        results.put(name, new Result(buffer, array, uses));
        return array;
    }

    INDArray get(String name) {
        return Objects.requireNonNull(results.get(name), name).array;
    }

    /** Whether there is a result of the name that only one more node needs. */
    boolean isLastUse(String name) {
        Result result = results.get(name);
        return result != null && result.uses == 1;
    }

    /** That one node more is done with a result. */
    void used(String name) {
        Result result = Objects.requireNonNull(results.get(name), name);
        if (--result.uses == 0) {
            results.remove(name);
            free.computeIfAbsent(result.buffer.length(), key -> new ArrayDeque<>())
                    .add(result.buffer);
        }
    }

    @Override
    public void close() {
        results.values().forEach(result -> result.buffer.close());
        free.values().forEach(buffers -> buffers.forEach(INDArray::close));
    }
}
