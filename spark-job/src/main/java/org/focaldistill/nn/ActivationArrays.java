package org.focaldistill.nn;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Makes the arrays that layers and vertices write activations and their gradients to, where the engine wants them. */
record ActivationArrays(Engine engine, DataType type) {

    /** An array of which nothing is set, in the workspace of that use. */
    INDArray make(LayerWorkspaceMgr workspaces, ArrayType use, ActivationShape shape) {
        if (!engine.wantsAligned()) {
            return workspaces.createUninitialized(use, type, shape.nhwc(), 'c');
        }
        // A bare buffer: the description of an array around it took 1 % of a step of ShuffleV1.
        try (MemoryWorkspace unused = workspaces.notifyScopeBorrowed(use)) {
            DataBuffer memory = Nd4j.createBuffer(type, Alignment.lengthFor(shape.elements()), false);
            return Alignment.within(memory, shape.nhwc(), shape.strides());
        }
    }
}
