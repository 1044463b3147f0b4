package org.focaldistill.nn.winograd;

import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.File;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.focaldistill.nn.ConvolutionKernel;
import org.focaldistill.nn.ConvolutionShape;
import org.focaldistill.nn.FoldedConvolutionKernel;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes convolutions by F(4 x 4, 3 x 3), a quarter of a direct sum's multiplications (Lavin and Gray 2016, "Fast Algorithms
 * for Convolutional Neural Networks", section 4), rounding some ten times as coarse.
 */
public final class Winograd {
    private static final Logger LOG = LoggerFactory.getLogger(Winograd.class);
    private static final String RESOURCE = "/org/focaldistill/nn/winograd/winograd-linux-x86-64.so";
    private static final String ARCHITECTURE = "x86-64";
    /** Channels come in whole vectors, whichever these are: so both kinds of processors compute the same layers so. */
    private static final int VECTOR = 16;
    /** No sound network's are so large, and of larger ones sums would overflow that do not where they are direct. */
    private static final double LARGEST_WEIGHT = 1e10;

    private final Vectors vectors;
    private final WinogradFunctions functions;
    private final LongUnaryOperator scratch;

    /** What a processor adds and multiplies at once. */
    public enum Vectors {
        /** With FMA, 8 floats. */
        AVX2,
        /** F, DQ and VL, 16 floats. */
        AVX512
    }

    private Winograd(Vectors vectors, WinogradFunctions functions, LongUnaryOperator scratch) {
        this.vectors = vectors;
        this.functions = functions;
        this.scratch = scratch;
    }

    /**
     * Loads the kernels for vectors that the processor has.
     *
     * @param scratch from bytes to the address of so many, of the calling thread's own, at the start of a cache line, that
     *     nobody else uses during a call
     * @return null where there are none: on other systems than Linux on x86-64, or where temporary files can not be loaded,
     *     which is logged
     */
    public static @Nullable Winograd load(Vectors vectors, LongUnaryOperator scratch) {
        if (!Platform.isLinux() || !ARCHITECTURE.equals(Platform.ARCH)) {
            return null;
        }
        FunctionMapper names = (library, method) ->
                "winograd_" + method.getName() + "_" + vectors.name().toLowerCase(Locale.ROOT);
        try {
            File library = Native.extractFromResourcePath(RESOURCE, Winograd.class.getClassLoader());
            WinogradFunctions functions = Native.load(
                    library.getAbsolutePath(), WinogradFunctions.class, Map.of(Library.OPTION_FUNCTION_MAPPER, names));
            if (!library.getPath().endsWith(RESOURCE)) {
                // Unpacked, and once it is loaded only in the way: a process that is killed would leave it.
                boolean unused = library.delete();
            }
            return new Winograd(vectors, functions, scratch);
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.warn(
                    "Convolutions take up to three times as long, as their kernels do not load here: {}. The system"
                            + " property jna.tmpdir names another folder to unpack them to",
                    e.toString());
            return null;
        }
    }

    /** For people. */
    public String description() {
        return "winograd (" + vectors.name().toLowerCase(Locale.ROOT) + ")";
    }

    /** Whether a convolution can be computed so, and is faster then. */
    public static boolean suits(ConvolutionShape shape) {
        return shape.kernel() == 3
                && shape.stride() == 1
                && shape.padding() == 1
                && shape.groups() == 1
                && shape.isDense()
                && shape.input().channels() % VECTOR == 0
                && shape.outChannels() % VECTOR == 0;
    }

    /** Whether a convolution with these weights can, in evaluation mode. */
    public static boolean suits(ConvolutionShape shape, INDArray weights) {
        return suits(shape) && weights.amaxNumber().doubleValue() < LARGEST_WEIGHT;
    }

    public ConvolutionKernel convolution(ConvolutionShape shape) {
        return new WinogradConvolution(calls(shape));
    }

    public FoldedConvolutionKernel foldedConvolution(
            ConvolutionShape shape, INDArray weights, INDArray bias, FoldedConvolutionKernel.Tail tail) {
        return new WinogradFoldedConvolution(calls(shape), weights, bias, tail);
    }

    private WinogradCalls calls(ConvolutionShape shape) {
        return new WinogradCalls(functions, scratch, shape);
    }
}
