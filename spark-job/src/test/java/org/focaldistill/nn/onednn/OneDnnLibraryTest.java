package org.focaldistill.nn.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.AddReluKernel;
import org.focaldistill.nn.BatchNormKernel;
import org.focaldistill.nn.BatchNormShape;
import org.focaldistill.nn.ConvolutionKernel;
import org.focaldistill.nn.ConvolutionShape;
import org.focaldistill.nn.backend.NativeMemory;
import org.focaldistill.nn.nd4j.Nd4jLibrary;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class OneDnnLibraryTest {
    private final OneDnnLibrary onednn = new OneDnnLibrary(new Nd4jLibrary());

    @Test
    void no_layer_of_the_networks_falls_back_to_nd4j() {
        for (ConvolutionShape shape : KernelAgreementTest.convolutions()) {
            try (ConvolutionKernel kernel = onednn.convolution(shape)) {
                assertThat(kernel.getClass().getSimpleName())
                        .as(shape.toString())
                        .isIn("WinogradConvolution", "OneDnnConvolution", "OneDnnPointwise");
            }
        }
        for (ActivationShape shape : KernelAgreementTest.activations()) {
            try (BatchNormKernel norm = onednn.batchNorm(new BatchNormShape(shape, true));
                    AddReluKernel sum = onednn.addRelu(shape)) {
                assertThat(norm).as(shape.toString()).isInstanceOf(OneDnnBatchNorm.class);
                assertThat(sum).as(shape.toString()).isInstanceOf(OneDnnAddRelu.class);
            }
        }
    }

    @Test
    void sixteen_channels_are_normalised_as_the_block_that_their_array_is() {
        assumeThat(onednn.description()).contains("avx512");
        ActivationShape shape = new ActivationShape(2, 4, 4, 16);
        try (OneDnnBatchNorm norm =
                new OneDnnBatchNorm(new engine(engine.kind.cpu, 0), new BatchNormShape(shape, true))) {
            assertThat(norm.layout().equals(blocks(shape))).isTrue();
        }
    }

    @Test
    void rows_are_filled_up_for_a_batch_norm_of_longer_vectors_only() {
        assumeThat(onednn.description()).contains("avx512");
        assertThat(onednn.rowLength(60)).isEqualTo(64);
        assertThat(onednn.rowLength(120)).isEqualTo(128);
        assertThat(onednn.rowLength(216)).isEqualTo(224);
        for (long channels : new long[] {16, 64, 240}) {
            assertThat(onednn.rowLength(channels))
                    .as("a whole number of vectors")
                    .isEqualTo(channels);
        }
        assertThat(onednn.rowLength(24)).as("a third more memory").isEqualTo(24);
    }

    @Test
    void a_primitive_finds_blocks_in_an_array_of_exactly_sixteen_channels() {
        ActivationShape sixteen = new ActivationShape(2, 4, 4, 16);
        ActivationShape rows = new ActivationShape(2, 4, 4, 16, 32);
        ActivationShape more = new ActivationShape(2, 4, 4, 32);
        ActivationShape fewer = new ActivationShape(2, 4, 4, 8);

        assertThat(OneDnnActivation.isInPlace(sixteen, blocks(sixteen))).isTrue();
        assertThat(OneDnnActivation.isInPlace(sixteen, nhwc(sixteen))).isTrue();
        assertThat(OneDnnActivation.isInPlace(more, nhwc(more))).isTrue();
        for (ActivationShape other : new ActivationShape[] {rows, more, fewer}) {
            assertThat(OneDnnActivation.isInPlace(other, blocks(other)))
                    .as(other.toString())
                    .isFalse();
        }
    }

    private static memory.desc blocks(ActivationShape shape) {
        return OneDnnConvolution.floats(shape.nchw(), memory.format_tag.nChw16c);
    }

    private static memory.desc nhwc(ActivationShape shape) {
        return OneDnnConvolution.floats(shape.nchw(), memory.format_tag.nhwc);
    }

    /** Sixty channels are copied into blocks, in memory of the kernel's own. */
    @Test
    void a_closed_kernel_gives_its_memory_back() {
        ActivationShape shape = new ActivationShape(64, 32, 32, 60);
        INDArray activation = Nd4j.create(DataType.FLOAT, shape.nhwc());
        INDArray result = Nd4j.create(DataType.FLOAT, shape.nhwc());
        INDArray parameters = Nd4j.ones(DataType.FLOAT, 4 * shape.channels());
        trainOnce(shape, activation, parameters, result);
        long before = NativeMemory.resident();
        int kernels = 20;
        for (int i = 0; i < kernels; i++) {
            trainOnce(shape, activation, parameters, result);
        }

        long copy = shape.elements() * Float.BYTES;
        assertThat(NativeMemory.resident() - before).isLessThan(kernels * copy / 2);
    }

    private void trainOnce(ActivationShape shape, INDArray activation, INDArray parameters, INDArray result) {
        try (BatchNormKernel kernel = onednn.batchNorm(new BatchNormShape(shape, true))) {
            kernel.train(activation, parameters, result);
        }
    }
}
