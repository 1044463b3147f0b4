package org.focaldistill.nn.dl4j;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.Kernel;

/**
 * A layer's kernels, or arrays of its own, by input shape: training batches, the short last batch and evaluation have one
 * each.
 *
 * @param <K> what is kept and freed
 */
final class KernelCache<K extends Kernel> implements AutoCloseable {
    private final Map<ActivationShape, K> kept = new HashMap<>();
    private final Function<ActivationShape, K> make;

    KernelCache(Function<ActivationShape, K> make) {
        this.make = make;
    }

    K forInput(ActivationShape shape) {
        return kept.computeIfAbsent(shape, make);
    }

    @Override
    public void close() {
        kept.values().forEach(Kernel::close);
        kept.clear();
    }
}
