package org.focaldistill.nn;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where native kernels find the floats of an array, which stays there until the call is over. */
public final class FloatAddress {
    private FloatAddress() {}

    /**
     * Where a dense array's first element is.
     *
     * @throws IllegalArgumentException if it is not a float array whose elements lie one after the other in 'c' order
     */
    public static long ofDense(INDArray array) {
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
    public static long of(INDArray activation, ActivationShape shape) {
        if (activation.dataType() != DataType.FLOAT
                || !Arrays.equals(activation.shape(), shape.extents())
                || !Arrays.equals(activation.stride(), shape.strides())) {
            throw new IllegalArgumentException("A kernel takes float activations of " + shape + ", found "
                    + activation.dataType() + " of shape " + Arrays.toString(activation.shape()) + " with strides "
                    + Arrays.toString(activation.stride()));
        }
        return Alignment.addressOf(activation);
    }
}
