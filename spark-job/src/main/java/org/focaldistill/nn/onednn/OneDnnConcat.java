package org.focaldistill.nn.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.engine;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.ConcatKernel;
import org.focaldistill.nn.FloatAddress;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies into, and out of, the channels of one activation: one for each run of channels that lies in one piece in both. */
final class OneDnnConcat implements ConcatKernel {
    private final ActivationShape first;
    private final ActivationShape second;
    private final ActivationShape joined;
    private final List<Run> ofFirst;
    private final List<Run> ofSecond;

    OneDnnConcat(engine cpu, ActivationShape first, ActivationShape second, ActivationShape joined) {
        this.first = first;
        this.second = second;
        this.joined = joined;
        ofFirst = runs(cpu, first, 0);
        ofSecond = runs(cpu, second, first.channels());
    }

    private List<Run> runs(engine cpu, ActivationShape part, long firstChannel) {
        List<Run> runs = new ArrayList<>();
        long planeOfPart = part.plane().channels();
        long planeOfJoined = joined.plane().channels();
        long channel = 0;
        while (channel < part.channels()) {
            long target = firstChannel + channel;
            long length = Math.min(planeOfPart - channel % planeOfPart, planeOfJoined - target % planeOfJoined);
            runs.add(new Run(cpu, part, channel, joined, target, length));
            channel += length;
        }
        return runs;
    }

    @Override
    public void forward(INDArray one, INDArray other, INDArray output) {
        long target = FloatAddress.of(output, joined);
        long source = FloatAddress.of(one, first);
        ofFirst.forEach(run -> run.join(source, target));
        long more = FloatAddress.of(other, second);
        ofSecond.forEach(run -> run.join(more, target));
    }

    @Override
    public void backward(INDArray outputGradient, INDArray firstGradient, INDArray secondGradient) {
        long source = FloatAddress.of(outputGradient, joined);
        long target = FloatAddress.of(firstGradient, first);
        ofFirst.forEach(run -> run.split(source, target));
        long more = FloatAddress.of(secondGradient, second);
        ofSecond.forEach(run -> run.split(source, more));
    }

    @Override
    public void close() {
        ofFirst.forEach(Run::close);
        ofSecond.forEach(Run::close);
    }

    /** Neighbouring channels of all pixels. */
    private static final class Run implements AutoCloseable {
        private final long inPart;
        private final long inJoined;
        private final OneDnnCopy join;
        private final OneDnnCopy split;

        Run(engine cpu, ActivationShape part, long channel, ActivationShape joined, long target, long length) {
            inPart = bytesBefore(part, channel);
            inJoined = bytesBefore(joined, target);
            long[] extents = {part.batch() * part.height() * part.width(), length};
            long[] ofPart = {part.rowLength(), 1};
            long[] ofJoined = {joined.rowLength(), 1};
            join = new OneDnnCopy("a concatenation of channels", cpu, extents, ofPart, ofJoined);
            split = new OneDnnCopy("the gradient of a concatenation of channels", cpu, extents, ofJoined, ofPart);
        }

        private static long bytesBefore(ActivationShape shape, long channel) {
            long plane = channel / shape.plane().channels();
            return (plane * shape.planeElements() + channel % shape.plane().channels()) * Float.BYTES;
        }

        void join(long part, long joined) {
            join.run(part + inPart, joined + inJoined);
        }

        void split(long joined, long part) {
            split.run(joined + inJoined, part + inPart);
        }

        @Override
        public void close() {
            join.close();
            split.close();
        }
    }
}
