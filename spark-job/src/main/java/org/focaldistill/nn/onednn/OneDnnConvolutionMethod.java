package org.focaldistill.nn.onednn;

import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.ConvolutionShape;

/** How oneDNN computes a convolution, and in which layout of activations it is fast at that. */
enum OneDnnConvolutionMethod {
    /** As it is written, on this package's own layout. */
    DIRECT(dnnl.algorithm.convolution_direct, memory.format_tag.nhwc),
    /**
     * Winograd's F(4 x 4, 3 x 3): a quarter of the multiplications (Lavin and Gray 2016, "Fast Algorithms for
     * Convolutional Neural Networks", section 4), in blocks of 16 channels, rounding some ten times as coarse.
     */
    WINOGRAD(dnnl.algorithm.convolution_winograd, memory.format_tag.nChw16c);

    /** With fewer channels the transforms cost more than the multiplications they save. */
    private static final int FEWEST_CHANNELS = 32;

    private final dnnl.algorithm algorithm;
    private final memory.format_tag layout;

    OneDnnConvolutionMethod(dnnl.algorithm algorithm, memory.format_tag layout) {
        this.algorithm = algorithm;
        this.layout = layout;
    }

    dnnl.algorithm algorithm() {
        return algorithm;
    }

    /** The layout in which activations of these extents are read and written. */
    memory.desc activation(long[] nchw) {
        return OneDnnConvolution.floats(nchw, layout);
    }

    /** The faster one for a shape on this processor: which it is follows from the two alone. */
    static OneDnnConvolutionMethod of(engine cpu, ConvolutionShape shape) {
        return suitsWinograd(shape) && hasWinograd(cpu, shape) ? WINOGRAD : DIRECT;
    }

    private static boolean suitsWinograd(ConvolutionShape shape) {
        return shape.kernel() == 3
                && shape.stride() == 1
                && shape.padding() == 1
                && shape.groups() == 1
                && suitsWinograd(shape.input().channels())
                && suitsWinograd(shape.outChannels());
    }

    private static boolean suitsWinograd(long channels) {
        return channels >= FEWEST_CHANNELS && channels % ActivationShape.BLOCK == 0;
    }

    /** oneDNN has it for AVX-512 only, and says so of any of the three passes by an exception. */
    private static boolean hasWinograd(engine cpu, ConvolutionShape shape) {
        long[] once = {1, 1};
        try (memory.desc source = WINOGRAD.activation(shape.input().nchw());
                memory.desc destination = WINOGRAD.activation(shape.output().nchw());
                memory.desc weights = OneDnnConvolution.floats(shape.weights(), memory.format_tag.any);
                convolution_forward.desc forward = new convolution_forward.desc(
                        prop_kind.forward_training,
                        WINOGRAD.algorithm,
                        source,
                        weights,
                        destination,
                        once,
                        once,
                        once);
                convolution_backward_data.desc backwardData = new convolution_backward_data.desc(
                        WINOGRAD.algorithm, source, weights, destination, once, once, once);
                convolution_backward_weights.desc backwardWeights = new convolution_backward_weights.desc(
                        WINOGRAD.algorithm, source, weights, destination, once, once, once);
                primitive_attr plain = OneDnnPrimitive.attributes();
                convolution_forward.primitive_desc output =
                        new convolution_forward.primitive_desc(forward, plain, cpu);
                convolution_backward_data.primitive_desc data =
                        new convolution_backward_data.primitive_desc(backwardData, plain, cpu, output);
                convolution_backward_weights.primitive_desc gradient =
                        new convolution_backward_weights.primitive_desc(backwardWeights, plain, cpu, output)) {
            return OneDnnPrimitive.isFast(output) && OneDnnPrimitive.isFast(data) && OneDnnPrimitive.isFast(gradient);
        } catch (RuntimeException e) {
            return false;
        }
    }
}
