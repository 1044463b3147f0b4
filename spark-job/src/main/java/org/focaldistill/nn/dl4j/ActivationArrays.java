package org.focaldistill.nn.dl4j;

import java.util.Arrays;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.Alignment;
import org.focaldistill.nn.Kernel;
import org.focaldistill.nn.KernelLibrary;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Makes the arrays that layers and vertices write activations and their gradients to, as and where the library wants them. */
record ActivationArrays(KernelLibrary library, DataType type) {

    /**
     * How the library wants an activation to lie that its readers take in planes, too, if its channels make such planes.
     *
     * @param planes that the readers take; 1 for none
     */
    ActivationShape wanted(ActivationShape shape, int planes) {
        int count = shape.fitsPlanes(planes) && library.wantsPlanes(shape) ? planes : 1;
        return shape.inPlanes(count, library.rowLength(shape.channels() / count));
    }

    /**
     * An array as that shape lies, or a copy that does: Deeplearning4j's own vertices leave nothing between pixels.
     *
     * @throws IllegalArgumentException if it has another shape, or one of both lies in planes
     */
    INDArray lyingAs(LayerWorkspaceMgr workspaces, ArrayType use, INDArray array, ActivationShape shape) {
        if (!Arrays.equals(array.shape(), shape.extents())) {
            throw new IllegalArgumentException(
                    "Activations that are added, and an activation and its gradient, must have"
                            + " one shape and lie in planes all or none; found "
                            + ActivationShape.of(array) + " beside " + shape);
        }
        if (Arrays.equals(array.stride(), shape.strides())) {
            return array;
        }
        return make(workspaces, use, shape).assign(array);
    }

    /** An array of which nothing is set, outside workspaces: it lasts until it is closed. */
    Kept makeKept(ActivationShape shape) {
        if (!library.wantsAligned()) {
            INDArray array = Nd4j.createUninitializedDetached(type, shape.extents());
            return new Kept(array, array);
        }
        INDArray memory = Nd4j.createUninitializedDetached(type, Alignment.lengthFor(shape.elements()));
        return new Kept(memory, Alignment.within(memory, shape.extents(), shape.strides()));
    }

    /**
     * An array and the memory that it is in.
     *
     * @param memory what is to be closed
     * @param array the same, or a part of it
     */
    record Kept(INDArray memory, INDArray array) implements Kernel {
        @Override
        public void close() {
            memory.close();
        }
    }

    /** An array of which nothing is set, in the workspace of that use. */
    INDArray make(LayerWorkspaceMgr workspaces, ArrayType use, ActivationShape shape) {
        if (!library.wantsAligned()) {
            return workspaces.createUninitialized(use, type, shape.extents(), 'c');
        }
        // A bare buffer: the description of an array around it took 1 % of a step of ShuffleV1.
        try (MemoryWorkspace unused = workspaces.notifyScopeBorrowed(use)) {
            DataBuffer memory = Nd4j.createBuffer(type, Alignment.lengthFor(shape.elements()), false);
            return Alignment.within(memory, shape.extents(), shape.strides());
        }
    }
}
