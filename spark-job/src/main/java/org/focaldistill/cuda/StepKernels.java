package org.focaldistill.cuda;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.focaldistill.cuda.driver.Card;
import org.focaldistill.cuda.driver.CardStream;
import org.focaldistill.cuda.driver.Kernel;
import org.focaldistill.cuda.driver.Kernels;
import org.focaldistill.cuda.driver.Ptx;

/** The kernels that steps are made of, loaded on a card. */
final class StepKernels implements AutoCloseable {
    private static final List<String> FILES = List.of("convolution.ptx", "norm.ptx", "layers.ptx", "update.ptx");

    private final Card card;
    private final LossKernels loss;
    private final ImageKernels images;
    private final Map<String, Kernel> kernels = new ConcurrentHashMap<>();
    private final Map<String, Kernels> files = new HashMap<>();

    StepKernels(Card card, CardStream stream) {
        this.card = card;
        loss = new LossKernels(card);
        images = new ImageKernels(card, stream);
        FILES.forEach(this::load);
    }

    /** Loads what these numerics need beside fp32's, once. */
    void load(Numerics numerics) {
        numerics.files().forEach(this::load);
    }

    private synchronized void load(String file) {
        if (!files.containsKey(file)) {
            Ptx ptx = Ptx.resource(StepKernels.class, file);
            Kernels loaded = card.load(ptx);
            files.put(file, loaded);
            ptx.kernels().keySet().forEach(name -> kernels.put(name, loaded.kernel(name)));
        }
    }

    LossKernels loss() {
        return loss;
    }

    ImageKernels images() {
        return images;
    }

    /** The kernel of a name. */
    Kernel kernel(String name) {
        Kernel kernel = kernels.get(name);
        if (kernel == null) {
            throw new IllegalArgumentException("There is no kernel " + name);
        }
        return kernel;
    }

    @Override
    public synchronized void close() {
        files.values().forEach(Kernels::close);
        images.close();
        loss.close();
    }
}
