package org.focaldistill.nn.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.Alignment;
import org.focaldistill.nn.KernelLibrary;
import org.focaldistill.nn.nd4j.Nd4jLibrary;
import org.focaldistill.nn.onednn.OneDnnLibrary;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;

class ActivationArraysTest {
    private static final ActivationShape ROWS = new ActivationShape(2, 4, 4, 60, 64);

    @Test
    void an_array_lies_in_the_workspace_of_its_use_and_begins_with_a_cache_line() {
        LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.builder()
                .with(
                        ArrayType.ACTIVATIONS,
                        "ActivationArraysTest",
                        WorkspaceConfiguration.builder().initialSize(1 << 20).build())
                .build();
        ActivationArrays arrays = new ActivationArrays(new OneDnnLibrary(new Nd4jLibrary()), DataType.FLOAT);
        try (MemoryWorkspace workspace = workspaces.notifyScopeEntered(ArrayType.ACTIVATIONS)) {
            long before = workspace.getPrimaryOffset();
            INDArray array = arrays.make(workspaces, ArrayType.ACTIVATIONS, ROWS);

            assertThat(array.shape()).containsExactly(ROWS.nhwc());
            assertThat(array.stride()).containsExactly(ROWS.strides());
            assertThat(Alignment.addressOf(array) % 64).isZero();
            assertThat(array.data().getParentWorkspace()).isSameAs(workspace);
            long needed = ROWS.elements() * Float.BYTES;
            assertThat(workspace.getPrimaryOffset() - before).isBetween(needed, needed + 128);
        }
    }

    @Test
    void an_array_that_is_kept_goes_with_its_memory() {
        for (KernelLibrary engine : new KernelLibrary[] {new OneDnnLibrary(new Nd4jLibrary()), new Nd4jLibrary()}) {
            ActivationArrays.Kept kept = new ActivationArrays(engine, DataType.FLOAT)
                    .makeKept(new ActivationShape(2, 4, 4, 60).inPlanes(3, engine.rowLength(20)));
            assertThat(kept.array().shape()).containsExactly(3, 2, 4, 4, 20);
            assertThat(kept.array().isAttached()).isFalse();

            kept.close();

            assertThat(kept.memory().wasClosed()).isTrue();
        }
    }

    @Test
    void planes_are_wanted_of_large_activations_that_make_some() {
        ActivationArrays arrays = new ActivationArrays(new OneDnnLibrary(new Nd4jLibrary()), DataType.FLOAT);
        ActivationShape large = new ActivationShape(64, 32, 32, 60);
        assertThat(arrays.wanted(large, 3).planes()).isEqualTo(3);
        assertThat(arrays.wanted(large, 7).planes()).as("60 channels in 7").isEqualTo(1);
        assertThat(arrays.wanted(new ActivationShape(4, 32, 32, 60), 3).planes())
                .as("a small one")
                .isEqualTo(1);
        assertThat(new ActivationArrays(new Nd4jLibrary(), DataType.FLOAT)
                        .wanted(large, 3)
                        .planes())
                .isEqualTo(1);
    }

    @Test
    void without_workspaces_it_is_on_its_own() {
        INDArray array = new ActivationArrays(new OneDnnLibrary(new Nd4jLibrary()), DataType.FLOAT)
                .make(LayerWorkspaceMgr.noWorkspaces(), ArrayType.ACTIVATIONS, ROWS);

        assertThat(array.isAttached()).isFalse();
        assertThat(array.assign(1).sumNumber().doubleValue()).isEqualTo(2 * 4 * 4 * 60);
    }
}
