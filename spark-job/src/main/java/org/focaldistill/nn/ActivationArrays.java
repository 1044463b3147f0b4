package org.focaldistill.nn;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Makes the arrays that layers and vertices write activations and their gradients to, where the engine wants them. */
record ActivationArrays(Engine engine, DataType type) {

    /** An array of which nothing is set, in the workspace of that use. */
    INDArray make(LayerWorkspaceMgr workspaces, ArrayType use, ActivationShape shape) {
        if (!engine.wantsAligned()) {
            return workspaces.createUninitialized(use, type, shape.nhwc(), 'c');
        }
        INDArray vector =
                workspaces.createUninitialized(use, type, new long[] {Alignment.lengthFor(shape.elements())}, 'c');
        return Alignment.within(vector, shape.nhwc(), shape.strides());
    }
}
