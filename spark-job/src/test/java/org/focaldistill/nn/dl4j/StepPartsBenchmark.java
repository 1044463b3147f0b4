package org.focaldistill.nn.dl4j;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.Views;
import org.focaldistill.loss.DistillationLoss;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.ImageInput;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.zoo.Architecture;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A training step of resnet20, batch 64, and its parts that are no layers, in milliseconds: what the other thread does for
 * the next batch, the loss with its gradient, and the optimiser, ours and Deeplearning4j's. MEASURED.md has the
 * command.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class StepPartsBenchmark {
    private static final int BATCH = 64;
    private static final int CLASSES = 100;
    private static final int POSITION = 7;

    private final ImageSet images = GeneratedImages.generate(BATCH, 1, 1).train();
    private final int[] indices = IntStream.range(0, BATCH).toArray();
    private final ImageBatch room = new ImageBatch(ImageInput.CIFAR, BATCH);
    private final DistillationLoss loss = new DistillationLoss(LossSettings.of(new LossWeights(0.05, 0.95, 0.005)));
    private final double[] student = randomLogits(1);
    private final double[] teacher = randomLogits(2);
    private final int[] labels = new int[BATCH];
    private final double[] gradient = new double[BATCH * CLASSES];

    private GraphNetwork network;
    private ComputationGraphUpdater stock;
    private INDArray input;
    private INDArray target;

    private static double[] randomLogits(long seed) {
        return new SplittableRandom(seed).doubles((long) BATCH * CLASSES, -5, 5).toArray();
    }

    /** Makes the network. */
    @Setup(Level.Trial)
    public void make() {
        Recipe recipe = new Recipe(1, BATCH, 0.01, 0.9, 5e-4, List.of(), 1);
        network =
                GraphNetwork.create(Architecture.RESNET20.network(CLASSES), DataType.FLOAT, recipe, loss.settings(), 1);
        stock = new ComputationGraphUpdater(network.graph());
        input = nextBatch();
        target = Nd4j.rand(DataType.FLOAT, BATCH, 1 + CLASSES);
        target.getColumn(0).assign(0);
    }

    @Benchmark
    public Object wholeStep() {
        return network.step(input, target);
    }

    /** Views looked up, pixels cropped, flipped and normalised, and copied out of the heap. */
    @Benchmark
    public INDArray nextBatch() {
        return room.fill(images, indices, image -> Views.of(image, POSITION)).toArray(DataType.FLOAT);
    }

    @Benchmark
    public LossComponents lossAndGradient() {
        return loss.evaluate(student, teacher, labels, gradient);
    }

    @Benchmark
    public void optimiser() {
        update(network.graph(), network.graph().getUpdater());
    }

    @Benchmark
    public void optimiserOfDeeplearning4j() {
        update(network.graph(), stock);
    }

    private static void update(ComputationGraph graph, ComputationGraphUpdater updater) {
        DefaultGradient gradient = new DefaultGradient(graph.getFlattenedGradients());
        updater.update(gradient, 0, 0, BATCH, LayerWorkspaceMgr.noWorkspacesImmutable());
    }

    /** Frees the network. */
    @TearDown(Level.Trial)
    public void free() {
        network.close();
    }
}
