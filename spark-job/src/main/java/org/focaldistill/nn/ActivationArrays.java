package org.focaldistill.nn;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Makes the arrays that layers and vertices write activations and their gradients to, where the engine wants them. */
record ActivationArrays(Engine engine, DataType type) {

    /** An array of which nothing is set, in the workspace of that use. */
    INDArray make(LayerWorkspaceMgr workspaces, ArrayType use, ActivationShape shape) {
        if (engine.wantsAligned()) {
            INDArray vector =
                    workspaces.createUninitialized(use, type, new long[] {Alignment.lengthFor(shape.elements())}, 'c');
            return Alignment.within(vector, shape.nhwc(), shape.strides());
        }
        INDArray rows =
                workspaces.createUninitialized(use, type, shape.wholeRows().nhwc(), 'c');
        return shape.isDense() ? rows : Nd4j.create(rows.data(), shape.nhwc(), shape.strides(), 0, 'c');
    }
}
