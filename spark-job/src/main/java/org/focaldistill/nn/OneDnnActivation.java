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
    private final OneDnnArgument argument;
    private final @Nullable OneDnnCopy in;
    private final @Nullable OneDnnCopy out;

    private OneDnnActivation(OneDnnArgument argument, @Nullable OneDnnCopy in, @Nullable OneDnnCopy out) {
        this.argument = argument;
        this.in = in;
        this.out = out;
    }

    /**
     * An activation with a copy of its own, if it needs one.
     *
     * @param plain the caller's layout
     * @param wanted the primitive's
     */
    static OneDnnActivation of(engine cpu, memory.desc plain, memory.desc wanted) {
        if (wanted.equals(plain)) {
            return new OneDnnActivation(OneDnnArgument.pointing(cpu, plain), null, null);
        }
        return copied(cpu, plain, wanted, OneDnnArgument.owning(cpu, wanted));
    }

    /** Another activation of the same size whose copy, if any, takes the place of this one's. */
    OneDnnActivation sharing(engine cpu, memory.desc plain, memory.desc wanted) {
        OneDnnArgument other = OneDnnArgument.pointing(cpu, wanted);
        if (in == null) {
            return new OneDnnActivation(other, null, null);
        }
        other.at(argument.dataAddress());
        return copied(cpu, plain, wanted, other);
    }

    private static OneDnnActivation copied(engine cpu, memory.desc plain, memory.desc wanted, OneDnnArgument argument) {
        return new OneDnnActivation(
                argument,
                new OneDnnCopy("a copy into blocks of channels", cpu, plain, wanted),
                new OneDnnCopy("a copy out of blocks of channels", cpu, wanted, plain));
    }

    OneDnnArgument argument() {
        return argument;
    }

    /** Before a call that reads the array. */
    void read(INDArray array) {
        if (in == null) {
            argument.at(array);
        } else {
            in.run(OneDnnArgument.denseAddressOf(array), argument.dataAddress());
        }
    }

    /** Before another call that reads what the last {@link #read} did. */
    void readAgain(INDArray array) {
        if (in == null) {
            argument.at(array);
        }
    }

    /** Before a call that writes the array; afterwards comes {@link #written}. */
    void write(INDArray array) {
        if (out == null) {
            argument.at(array);
        }
    }

    void written(INDArray array) {
        if (out != null) {
            out.run(argument.dataAddress(), OneDnnArgument.denseAddressOf(array));
        }
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
