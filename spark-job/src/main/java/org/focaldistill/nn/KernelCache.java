package org.focaldistill.nn;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A layer's kernels by input shape: training batches, the short last batch and evaluation have one each.
 *
 * @param <K> the kernel
 */
final class KernelCache<K extends AutoCloseable> implements AutoCloseable {
    private final Map<ActivationShape, K> kernels = new HashMap<>();
    private final Function<ActivationShape, K> make;

    KernelCache(Function<ActivationShape, K> make) {
        this.make = make;
    }

    K forInput(ActivationShape shape) {
        return kernels.computeIfAbsent(shape, make);
    }

    @Override
    public void close() {
        for (K kernel : kernels.values()) {
            try {
                kernel.close();
            } catch (Exception e) {
                throw new IllegalStateException("Cannot free a kernel", e);
            }
        }
        kernels.clear();
    }
}
