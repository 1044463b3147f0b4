package org.focaldistill.nn.onednn;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.global.dnnl.cpu_isa;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.AddReluKernel;
import org.focaldistill.nn.BatchNormKernel;
import org.focaldistill.nn.BatchNormShape;
import org.focaldistill.nn.ConcatKernel;
import org.focaldistill.nn.ConvolutionKernel;
import org.focaldistill.nn.ConvolutionShape;
import org.focaldistill.nn.FixedMapKernel;
import org.focaldistill.nn.FoldedConvolutionKernel;
import org.focaldistill.nn.Kernel;
import org.focaldistill.nn.KernelLibrary;
import org.focaldistill.nn.PoolShape;
import org.focaldistill.nn.winograd.Winograd;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * oneDNN primitives on ND4J's own buffers, float only, CPU only. Primitives are made once a shape; a call sets data
 * pointers and runs, allocating nothing. Convolutions that suit it run by {@link Winograd}, in memory of the same threads.
 *
 * <p>Where oneDNN has only its reference implementation for a shape (hundreds of times slower than ND4J's operations)
 * the kernel of a fallback is used instead.
 */
public final class OneDnnLibrary implements KernelLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(OneDnnLibrary.class);

    /** One in a process: streams, which threads keep, work with their own engine only. */
    private static final engine CPU = new engine(engine.kind.cpu, 0);

    private static final int VECTOR = 16;

    /** Between 8 MB, where planes made batch norms no faster, and 16 MB, where they took two thirds of the time. */
    private static final long BYTES_OF_MANY_PLANES = 10_000_000;

    private final KernelLibrary fallback;
    /** Null where the processor's vectors are too short, or the kernels do not load. */
    private final @Nullable Winograd winograd = loadWinograd();

    private final Map<Long, Long> rowLengths = new ConcurrentHashMap<>();

    /** @param fallback makes the kernels for which oneDNN has only its reference implementation */
    public OneDnnLibrary(KernelLibrary fallback) {
        this.fallback = fallback;
    }

    private static @Nullable Winograd loadWinograd() {
        Winograd.Vectors vectors = vectors(dnnl.get_effective_cpu_isa().intern());
        return vectors == null
                ? null
                : Winograd.load(
                        vectors, bytes -> OneDnnLane.ofThisThread(CPU).address(OneDnnScratch.SCRATCHPAD, bytes));
    }

    /** What oneDNN says of the processor, unless {@code DNNL_MAX_CPU_ISA} forbids a part. */
    private static Winograd.@Nullable Vectors vectors(cpu_isa effective) {
        if (effective.name().startsWith("avx512_core")) {
            return Winograd.Vectors.AVX512;
        }
        return effective.name().startsWith("avx2") ? Winograd.Vectors.AVX2 : null;
    }

    /** Frees the memory that the calling thread's kernels share; comes when none of them runs. */
    public static void freeScratchOfThread() {
        OneDnnLane.free();
    }

    @Override
    public String description() {
        dnnl_version_t version = dnnl.dnnl_version();
        String name = "onednn " + version.major() + "." + version.minor() + "." + version.patch() + " ("
                + dnnl.get_effective_cpu_isa().intern().name() + ")";
        return winograd == null ? name : name + ", " + winograd.description();
    }

    /**
     * Up to the next whole vector, if that is near and batch normalisation has a compiled kernel for it only, or one of
     * longer vectors.
     */
    @Override
    public long rowLength(long channels) {
        return rowLengths.computeIfAbsent(channels, count -> {
            long whole = (count + VECTOR - 1) / VECTOR * VECTOR;
            boolean pays = whole - count <= count / 4
                    && OneDnnBatchNorm.vectorLength(CPU, count) < OneDnnBatchNorm.vectorLength(CPU, whole);
            return pays ? whole : count;
        });
    }

    /** Where it is too large for the processor's cache: batch norms go through it five times, and a plane can stay in the cache. */
    @Override
    public boolean wantsPlanes(ActivationShape shape) {
        return shape.elements() * Float.BYTES > BYTES_OF_MANY_PLANES;
    }

    @Override
    public boolean wantsAligned() {
        return true;
    }

    @Override
    public ConvolutionKernel convolution(ConvolutionShape shape) {
        if (winograd != null && Winograd.suits(shape)) {
            return winograd.convolution(shape);
        }
        return fastOrElse(
                shape,
                () -> OneDnnPointwise.suits(shape)
                        ? new OneDnnPointwise(CPU, shape)
                        : new OneDnnConvolution(CPU, shape),
                () -> fallback.convolution(shape));
    }

    @Override
    public FoldedConvolutionKernel foldedConvolution(
            ConvolutionShape shape, INDArray weights, INDArray bias, FoldedConvolutionKernel.Tail tail) {
        if (winograd != null && Winograd.suits(shape, weights)) {
            return winograd.foldedConvolution(shape, weights, bias, tail);
        }
        return fastOrElse(
                shape,
                () -> new OneDnnFoldedConvolution(CPU, shape, weights, bias, tail),
                () -> fallback.foldedConvolution(shape, weights, bias, tail));
    }

    @Override
    public BatchNormKernel batchNorm(BatchNormShape shape) {
        return fastOrElse(shape, () -> new OneDnnBatchNorm(CPU, shape), () -> fallback.batchNorm(shape));
    }

    @Override
    public AddReluKernel addRelu(ActivationShape shape) {
        return fastOrElse("add + ReLU of " + shape, () -> new OneDnnAddRelu(CPU, shape), () -> fallback.addRelu(shape));
    }

    @Override
    public FixedMapKernel averagePool(PoolShape shape) {
        return fastOrElse(shape, () -> new OneDnnAveragePool(CPU, shape), () -> fallback.averagePool(shape));
    }

    @Override
    public FixedMapKernel shuffle(ActivationShape shape, int groups) {
        return fastOrElse(
                "the channel shuffle of " + shape,
                () -> new OneDnnShuffle(CPU, shape, groups),
                () -> fallback.shuffle(shape, groups));
    }

    @Override
    public ConcatKernel concat(ActivationShape first, ActivationShape second, ActivationShape joined) {
        return fastOrElse(
                "the concatenation of " + first,
                () -> new OneDnnConcat(CPU, first, second, joined),
                () -> fallback.concat(first, second, joined));
    }

    private static <K extends Kernel> K fastOrElse(Object what, Supplier<K> fast, Supplier<K> otherwise) {
        try {
            return fast.get();
        } catch (SlowImplementationException e) {
            LOG.warn("{} runs on ND4J's operations: {}", what, e.getMessage());
            return otherwise.get();
        }
    }
}
