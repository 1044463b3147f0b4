package org.focaldistill.nn;

import org.bytedeco.dnnl.engine;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Two copies into, or out of, the channels of one activation. */
final class OneDnnConcat implements ConcatKernel {
    private final long firstBytes;
    private final OneDnnCopy joinFirst;
    private final OneDnnCopy joinSecond;
    private final OneDnnCopy splitFirst;
    private final OneDnnCopy splitSecond;

    OneDnnConcat(engine cpu, ActivationShape first, long secondChannels) {
        long pixels = first.batch() * first.height() * first.width();
        long firstChannels = first.channels();
        long all = firstChannels + secondChannels;
        firstBytes = firstChannels * Float.BYTES;
        joinFirst = copy(cpu, pixels, firstChannels, firstChannels, all);
        joinSecond = copy(cpu, pixels, secondChannels, secondChannels, all);
        splitFirst = copy(cpu, pixels, firstChannels, all, firstChannels);
        splitSecond = copy(cpu, pixels, secondChannels, all, secondChannels);
    }

    private static OneDnnCopy copy(engine cpu, long pixels, long channels, long fromPixel, long toPixel) {
        long[] extents = {pixels, channels};
        return new OneDnnCopy(
                "a concatenation of channels", cpu, extents, new long[] {fromPixel, 1}, new long[] {toPixel, 1});
    }

    @Override
    public void forward(INDArray first, INDArray second, INDArray output) {
        long target = OneDnnArgument.denseAddressOf(output);
        joinFirst.run(OneDnnArgument.denseAddressOf(first), target);
        joinSecond.run(OneDnnArgument.denseAddressOf(second), target + firstBytes);
    }

    @Override
    public void backward(INDArray outputGradient, INDArray firstGradient, INDArray secondGradient) {
        long source = OneDnnArgument.denseAddressOf(outputGradient);
        splitFirst.run(source, OneDnnArgument.denseAddressOf(firstGradient));
        splitSecond.run(source + firstBytes, OneDnnArgument.denseAddressOf(secondGradient));
    }

    @Override
    public void close() {
        joinFirst.close();
        joinSecond.close();
        splitFirst.close();
        splitSecond.close();
    }
}
