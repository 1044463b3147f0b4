package org.focaldistill.nn.dl4j;

import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.BatchNormKernel;
import org.focaldistill.nn.BatchNormShape;
import org.focaldistill.nn.ConvolutionKernel;
import org.focaldistill.nn.ConvolutionShape;
import org.focaldistill.nn.KernelLibrary;
import org.focaldistill.nn.nd4j.Nd4jLibrary;
import org.focaldistill.nn.onednn.OneDnnLibrary;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The kernels of both libraries on layers of each kind, batch 64, in milliseconds. MEASURED.md has the command. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {
    private static final int BATCH = 64;

    /** Layers of the zoo: {@code in, out} channels, size, kernel, stride, groups. */
    public enum LayerKind {
        RESNET_16_AT_32(16, 16, 32, 3, 1, 1),
        RESNET_64_AT_8(64, 64, 8, 3, 1, 1),
        RESNET_SHORTCUT(16, 32, 32, 1, 2, 1),
        WIDE_256_AT_8(256, 256, 8, 3, 1, 1),
        SHUFFLE_GROUPED_AT_16(240, 60, 16, 1, 1, 3),
        SHUFFLE_DEPTHWISE_AT_16(60, 60, 16, 3, 1, 60);

        private final ConvolutionShape convolution;

        LayerKind(int in, int out, int size, int kernel, int stride, int groups) {
            convolution = new ConvolutionShape(
                    new ActivationShape(BATCH, size, size, in), out, kernel, stride, kernel / 2, groups);
        }
    }

    /** Whose kernels run. */
    public enum LibraryKind {
        ONEDNN,
        ND4J
    }

    @Param
    private LayerKind layer;

    @Param
    private LibraryKind library;

    private ConvolutionKernel convolution;
    private BatchNormKernel batchNorm;
    private INDArray input;
    private INDArray inputGradient;
    private INDArray weights;
    private INDArray weightsGradient;
    private INDArray output;
    private INDArray outputGradient;
    private INDArray normalised;
    private INDArray normInputGradient;
    private INDArray parameters;
    private INDArray parametersGradient;

    /** Makes arrays and kernels, and runs what the backward passes need. */
    @Setup(Level.Trial)
    public void make() {
        ConvolutionShape shape = layer.convolution;
        KernelLibrary chosen = library == LibraryKind.ONEDNN ? new OneDnnLibrary(new Nd4jLibrary()) : new Nd4jLibrary();
        convolution = chosen.convolution(shape);
        batchNorm = chosen.batchNorm(new BatchNormShape(shape.output(), true));
        input = activation(chosen, shape.input());
        inputGradient = activation(chosen, shape.input());
        weights = random(shape.weights());
        weightsGradient = random(shape.weights());
        output = activation(chosen, shape.output());
        outputGradient = activation(chosen, shape.output());
        normalised = activation(chosen, shape.output());
        normInputGradient = activation(chosen, shape.output());
        parameters = random(4 * shape.outChannels());
        parametersGradient = random(4 * shape.outChannels());
        batchNormForward();
    }

    /** Where training has it in memory. */
    private static INDArray activation(KernelLibrary library, ActivationShape shape) {
        return new ActivationArrays(library, DataType.FLOAT)
                .make(LayerWorkspaceMgr.noWorkspaces(), ArrayType.ACTIVATIONS, shape)
                .assign(random(shape.nhwc()));
    }

    private static INDArray random(long... shape) {
        return Nd4j.rand(DataType.FLOAT, shape);
    }

    @Benchmark
    public void convolutionForward() {
        convolution.forward(input, weights, output);
    }

    @Benchmark
    public void convolutionBackward() {
        convolution.backward(input, weights, outputGradient, weightsGradient, inputGradient);
    }

    @Benchmark
    public void batchNormForward() {
        batchNorm.train(output, parameters, normalised);
    }

    @Benchmark
    public void batchNormBackward() {
        batchNorm.backward(output, normalised, outputGradient, parameters, normInputGradient, parametersGradient);
    }

    /** Frees the kernels. */
    @TearDown(Level.Trial)
    public void free() {
        convolution.close();
        batchNorm.close();
    }
}
