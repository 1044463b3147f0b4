package org.focaldistill.nn.onednn;

import java.util.Arrays;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.Pointer;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.Alignment;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One argument of a primitive: a description of memory and where that memory is now. */
final class OneDnnArgument implements AutoCloseable {
    private final memory memory;
    private final dnnl_memory handle;
    private final Address address = new Address();

    private OneDnnArgument(memory memory) {
        this.memory = memory;
        this.handle = memory.get();
    }

    /** An argument that is pointed at an array before each call. */
    static OneDnnArgument pointing(engine cpu, memory.desc description) {
        return new OneDnnArgument(new memory(description, cpu, new Pointer()));
    }

    /** An argument with memory of its own. */
    static OneDnnArgument owning(engine cpu, memory.desc description) {
        return new OneDnnArgument(new memory(description, cpu));
    }

    dnnl_memory handle() {
        return handle;
    }

    long dataAddress() {
        return memory.get_data_handle().address();
    }

    /**
     * Where a dense array's first element is.
     *
     * @throws IllegalArgumentException if it is not a float array whose elements lie one after the other in 'c' order
     */
    static long denseAddressOf(INDArray array) {
        boolean rowMajor = array.rank() < 2 || array.ordering() == 'c';
        if (array.dataType() != DataType.FLOAT || !rowMajor || array.elementWiseStride() != 1) {
            throw new IllegalArgumentException("A kernel takes dense float arrays in 'c' order, found "
                    + array.dataType() + " of shape " + Arrays.toString(array.shape()) + " in '" + array.ordering()
                    + "' order with strides " + Arrays.toString(array.stride()));
        }
        return Alignment.addressOf(array);
    }

    /**
     * Where an activation's first element is.
     *
     * @throws IllegalArgumentException if it is not a float array of that shape, its pixels as far apart as that says
     */
    static long addressOf(INDArray activation, ActivationShape shape) {
        if (activation.dataType() != DataType.FLOAT
                || !Arrays.equals(activation.shape(), shape.extents())
                || !Arrays.equals(activation.stride(), shape.strides())) {
            throw new IllegalArgumentException("A kernel takes float activations of " + shape + ", found "
                    + activation.dataType() + " of shape " + Arrays.toString(activation.shape()) + " with strides "
                    + Arrays.toString(activation.stride()));
        }
        return Alignment.addressOf(activation);
    }

    /** Points at an address, where the array must stay until the call is over. */
    void at(long target) {
        address.set(target);
        dnnl.dnnl_memory_set_data_handle(handle, address);
    }

    @Override
    public void close() {
        memory.close();
    }

    /** A pointer to wherever it is told. */
    static final class Address extends Pointer {
        Address() {}

        Address(long value) {
            address = value;
        }

        void set(long value) {
            address = value;
        }
    }
}
