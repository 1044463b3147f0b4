package org.focaldistill.nn.onednn;

import java.util.function.LongSupplier;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.FloatAddress;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An activation as a primitive takes it: the caller's own array, or a copy of it in the layout that the primitive is fast
 * in.
 */
final class OneDnnActivation implements AutoCloseable {
    private final ActivationShape shape;
    private final long offset;
    private final ActivationShape seen;
    private final OneDnnArgument argument;
    private final @Nullable Copy copy;

    private OneDnnActivation(
            ActivationShape shape, long offset, ActivationShape seen, OneDnnArgument argument, @Nullable Copy copy) {
        this.shape = shape;
        this.offset = offset;
        this.seen = seen;
        this.argument = argument;
        this.copy = copy;
    }

    /**
     * An activation with a copy of its own, if it needs one.
     *
     * @param shape of the caller's array
     * @param plane which of its planes the primitive takes; 0 if there is one only
     * @param seen the plane, or its whole rows if the primitive takes all of them for channels
     * @param wanted the primitive's layout of what is seen
     */
    static OneDnnActivation of(engine cpu, ActivationShape shape, int plane, ActivationShape seen, memory.desc wanted) {
        long offset = plane * shape.planeElements() * Float.BYTES;
        if (isInPlace(seen, wanted)) {
            return new OneDnnActivation(shape, offset, seen, OneDnnArgument.pointing(cpu, wanted), null);
        }
        OneDnnArgument argument = OneDnnArgument.owning(cpu, wanted);
        long address = argument.dataAddress();
        return new OneDnnActivation(
                shape, offset, seen, argument, new Copy(cpu, described(seen), wanted, () -> address));
    }

    /** An activation whose copy, if it needs one, is in memory that all kernels of a thread use in turn. */
    static OneDnnActivation within(
            OneDnnScratch room, engine cpu, ActivationShape shape, ActivationShape seen, memory.desc wanted) {
        OneDnnArgument argument = OneDnnArgument.pointing(cpu, wanted);
        if (isInPlace(seen, wanted)) {
            return new OneDnnActivation(shape, 0, seen, argument, null);
        }
        long bytes = wanted.get_size();
        LongSupplier address = () -> OneDnnLane.ofThisThread(cpu).address(room, bytes);
        return new OneDnnActivation(shape, 0, seen, argument, new Copy(cpu, described(seen), wanted, address));
    }

    /** Another activation of the same shape whose copy, if any, takes the place of this one's. */
    OneDnnActivation sharing(engine cpu, memory.desc wanted) {
        OneDnnArgument other = OneDnnArgument.pointing(cpu, wanted);
        return new OneDnnActivation(
                shape, offset, seen, other, copy == null ? null : new Copy(cpu, described(seen), wanted, copy.address));
    }

    /** Whether a primitive that wants this layout finds it in the caller's array: 16 channels are one block of 16. */
    static boolean isInPlace(ActivationShape seen, memory.desc wanted) {
        return wanted.equals(described(seen))
                || seen.isDense()
                        && seen.channels() == OneDnnBatchNorm.BLOCK
                        && wanted.equals(OneDnnConvolution.floats(seen.nchw(), memory.format_tag.nChw16c));
    }

    private static memory.desc described(ActivationShape shape) {
        shape.requireNoPlanes("A description for oneDNN");
        long[] strides = shape.strides();
        return new memory.desc(
                shape.nchw(), memory.data_type.f32, new long[] {strides[0], strides[3], strides[1], strides[2]});
    }

    OneDnnArgument argument() {
        return argument;
    }

    /** Before a call that reads the array. */
    void read(INDArray array) {
        point(array);
        if (copy != null) {
            copy.in.run(address(array), copy.address());
        }
    }

    /** Instead of {@link #read} if that array was the last one copied to this copy's memory, in this layout. */
    void readAgain(INDArray array) {
        point(array);
    }

    /** Before a call that writes the array; afterwards comes {@link #written}. */
    void write(INDArray array) {
        point(array);
    }

    private void point(INDArray array) {
        argument.at(copy == null ? address(array) : copy.address());
    }

    void written(INDArray array) {
        if (copy != null) {
            copy.out.run(copy.address(), address(array));
        }
    }

    private long address(INDArray array) {
        return FloatAddress.of(array, shape) + offset;
    }

    @Override
    public void close() {
        if (copy != null) {
            copy.close();
        }
        argument.close();
    }

    /** The way to a copy in the primitive's layout and back; the memory is somebody else's. */
    private static final class Copy implements AutoCloseable {
        private final OneDnnCopy in;
        private final OneDnnCopy out;
        private final LongSupplier address;

        Copy(engine cpu, memory.desc plain, memory.desc wanted, LongSupplier address) {
            in = new OneDnnCopy("a copy into blocks of channels", cpu, plain, wanted);
            out = new OneDnnCopy("a copy out of blocks of channels", cpu, wanted, plain);
            this.address = address;
        }

        long address() {
            return address.getAsLong();
        }

        @Override
        public void close() {
            in.close();
            out.close();
        }
    }
}
