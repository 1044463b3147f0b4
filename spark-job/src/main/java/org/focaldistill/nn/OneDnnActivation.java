package org.focaldistill.nn;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An activation as a primitive takes it: the caller's own NHWC array, or a copy of it in the layout that the primitive
 * is fast in.
 */
final class OneDnnActivation implements AutoCloseable {
    private final ActivationShape shape;
    private final ActivationShape seen;
    private final OneDnnArgument argument;
    private final @Nullable OneDnnCopy in;
    private final @Nullable OneDnnCopy out;

    private OneDnnActivation(
            ActivationShape shape,
            ActivationShape seen,
            OneDnnArgument argument,
            @Nullable OneDnnCopy in,
            @Nullable OneDnnCopy out) {
        this.shape = shape;
        this.seen = seen;
        this.argument = argument;
        this.in = in;
        this.out = out;
    }

    /**
     * An activation with a copy of its own, if it needs one.
     *
     * @param shape of the caller's array
     * @param seen the same, or its whole rows if the primitive takes all of them for channels
     * @param wanted the primitive's layout of what is seen
     */
    static OneDnnActivation of(engine cpu, ActivationShape shape, ActivationShape seen, memory.desc wanted) {
        if (wanted.equals(nhwc(seen))) {
            return new OneDnnActivation(shape, seen, OneDnnArgument.pointing(cpu, wanted), null, null);
        }
        return copied(cpu, shape, seen, wanted, OneDnnArgument.owning(cpu, wanted));
    }

    /** Another activation of the same shape whose copy, if any, takes the place of this one's. */
    OneDnnActivation sharing(engine cpu, memory.desc wanted) {
        OneDnnArgument other = OneDnnArgument.pointing(cpu, wanted);
        if (in == null) {
            return new OneDnnActivation(shape, seen, other, null, null);
        }
        other.at(argument.dataAddress());
        return copied(cpu, shape, seen, wanted, other);
    }

    private static OneDnnActivation copied(
            engine cpu, ActivationShape shape, ActivationShape seen, memory.desc wanted, OneDnnArgument argument) {
        memory.desc plain = nhwc(seen);
        return new OneDnnActivation(
                shape,
                seen,
                argument,
                new OneDnnCopy("a copy into blocks of channels", cpu, plain, wanted),
                new OneDnnCopy("a copy out of blocks of channels", cpu, wanted, plain));
    }

    private static memory.desc nhwc(ActivationShape shape) {
        long[] strides = shape.strides();
        return new memory.desc(
                shape.nchw(), memory.data_type.f32, new long[] {strides[0], strides[3], strides[1], strides[2]});
    }

    OneDnnArgument argument() {
        return argument;
    }

    /** Before a call that reads the array. */
    void read(INDArray array) {
        if (in == null) {
            argument.at(address(array));
        } else {
            in.run(address(array), argument.dataAddress());
        }
    }

    /** Before another call that reads what the last {@link #read} did. */
    void readAgain(INDArray array) {
        if (in == null) {
            argument.at(address(array));
        }
    }

    /** Before a call that writes the array; afterwards comes {@link #written}. */
    void write(INDArray array) {
        if (out == null) {
            argument.at(address(array));
        }
    }

    void written(INDArray array) {
        if (out != null) {
            out.run(argument.dataAddress(), address(array));
        }
    }

    private long address(INDArray array) {
        return OneDnnArgument.addressOf(array, shape);
    }

    @Override
    public void close() {
        if (in != null) {
            in.close();
        }
        if (out != null) {
            out.close();
        }
        argument.close();
    }
}
