package org.focaldistill.train;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.focaldistill.data.ImageSet;
import org.focaldistill.loss.DistillationLossFunction;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.nn.Cost;
import org.focaldistill.nn.FoldedNetwork;
import org.focaldistill.nn.Kernels;
import org.focaldistill.nn.Node;
import org.focaldistill.nn.Topology;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Tensor;
import org.focaldistill.zoo.Architecture;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * An architecture with a loss and an optimiser around it. Belongs to one thread at a time; {@link #close} frees its
 * native memory.
 */
public final class Network implements AutoCloseable {
    private static final String IMAGES = "images";
    private static final String LOSS = "loss";

    private final Architecture architecture;
    private final int classes;
    private final ComputationGraph graph;
    private final StepWatch watch = new StepWatch();
    /** What evaluates the network as long as its weights stay as they are. */
    private @Nullable FoldedNetwork evaluation;

    private Network(Architecture architecture, int classes, ComputationGraph graph) {
        this.architecture = architecture;
        this.classes = classes;
        this.graph = graph;
        graph.setListeners(watch);
    }

    /** A new network for a task, with random weights. */
    static Network of(TrainingTask task) {
        return create(task.architecture(), task.classes(), DataType.FLOAT, task.recipe(), task.loss(), task.initSeed());
    }

    /** A new network with random weights. */
    public static Network create(
            Architecture architecture, int classes, DataType type, Recipe recipe, LossSettings loss, long initSeed) {
        return create(architecture, architecture::addTo, classes, type, recipe, loss, initSeed);
    }

    /** Adds a network's layers to a graph. */
    interface Layers {
        /** See {@link Architecture#addTo}. */
        String addTo(GraphBuilder graph, String images, int classes);
    }

    /** @param layers in place of the architecture's */
    static Network create(
            Architecture architecture,
            Layers layers,
            int classes,
            DataType type,
            Recipe recipe,
            LossSettings loss,
            long initSeed) {
        Network network = untrainable(architecture, layers, classes, type, recipe, loss, initSeed);
        network.graph.setUpdater(new BlockUpdater(network.graph));
        return network;
    }

    /** Without gradients and velocities, which take twice the memory of the parameters. */
    private static Network untrainable(
            Architecture architecture,
            Layers layers,
            int classes,
            DataType type,
            Recipe recipe,
            LossSettings loss,
            long initSeed) {
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(initSeed)
                .dataType(type)
                .miniBatch(false)
                .updater(new HeavyBall(schedule(recipe), recipe.momentum()))
                .regularization(List.of(new L2Regularization(recipe.weightDecay())))
                .graphBuilder()
                .addInputs(IMAGES);
        String logits = layers.addTo(builder, IMAGES, classes);
        builder.addLayer(
                LOSS,
                new LossLayer.Builder(new DistillationLossFunction(loss))
                        .activation(Activation.IDENTITY)
                        .build(),
                logits);
        ComputationGraph graph = new ComputationGraph(builder.setOutputs(LOSS).build());
        graph.init();
        return new Network(architecture, classes, graph);
    }

    /** A network that only classifies, e.g. a teacher; its weights are to be loaded. */
    public static Network forInference(Architecture architecture, int classes) {
        Recipe unused = new Recipe(1, 1, 1, 0, 0, List.of(), 1);
        LossSettings loss = LossSettings.of(LossWeights.CROSS_ENTROPY);
        return untrainable(architecture, architecture::addTo, classes, DataType.FLOAT, unused, loss, 0);
    }

    /** What an architecture costs; its multiply-accumulates are for images of 32 x 32 pixels. */
    public static Cost cost(Architecture architecture, int classes) {
        try (Network network = forInference(architecture, classes)) {
            return Cost.of(network.nodes(), ImageSet.SIDE);
        }
    }

    private static MapSchedule schedule(Recipe recipe) {
        Map<Integer, Double> rates = new HashMap<>();
        for (int epoch = 0; epoch < recipe.epochs(); epoch++) {
            if (epoch == 0 || recipe.learningRate(epoch) != recipe.learningRate(epoch - 1)) {
                rates.put(epoch, recipe.learningRate(epoch));
            }
        }
        return new MapSchedule(ScheduleType.EPOCH, rates);
    }

    public Architecture architecture() {
        return architecture;
    }

    public int classes() {
        return classes;
    }

    DataType dataType() {
        return graph.getConfiguration().getDataType();
    }

    /** The Deeplearning4j network itself. */
    ComputationGraph graph() {
        return graph;
    }

    /**
     * Loads weights, all of them or none.
     *
     * @param name what to call their file in messages
     * @throws InvalidModelException if they belong to another network
     */
    public void load(Map<String, Tensor> tensors, String name) throws InvalidModelException {
        changes();
        NetworkTensors.load(graph, tensors, name);
    }

    /** The network's nodes, from the images to the logits. */
    public List<Node> nodes() {
        return Topology.of(graph);
    }

    /** Copies of its tensors under their state_dict names. */
    public Map<String, Tensor> tensors() {
        return NetworkTensors.read(graph);
    }

    /** Logits {@code [images, classes]}, row-major, of images as they are, in evaluation mode. */
    public double[] logits(ImageSet images) {
        return Logits.of(this, images);
    }

    /** Sets the 0-based epoch, which decides the learning rate. */
    void startEpoch(int epoch) {
        graph.getConfiguration().setEpochCount(epoch);
    }

    /**
     * One optimiser step.
     *
     * @param images {@code [batch, 32, 32, 3]}
     * @param labels {@code [batch, 1]} or {@code [batch, 1 + classes]}, see {@link DistillationLossFunction}
     * @throws NotFiniteException if a loss component that counts, or the gradient, is not finite; the weights are
     *     then those before the step
     */
    Step step(INDArray images, INDArray labels) {
        changes();
        graph.fit(new INDArray[] {images}, new INDArray[] {labels});
        return watch.last();
    }

    /** What the last step did, however it was made. */
    Step lastStep() {
        return watch.last();
    }

    /** Has the weights changed by other means than {@link #step}. */
    <R> R change(Function<ComputationGraph, R> change) {
        changes();
        return change.apply(graph);
    }

    /**
     * Logits in evaluation mode.
     *
     * @param images {@code [batch, 32, 32, 3]}
     * @return {@code [batch, classes]}, row-major
     */
    double[] logits(INDArray images) {
        FoldedNetwork current = evaluation;
        if (current == null) {
            current = FoldedNetwork.of(graph);
            evaluation = current;
        }
        return current.logits(images).data().asDouble();
    }

    private void changes() {
        if (evaluation != null) {
            evaluation.close();
            evaluation = null;
        }
    }

    /**
     * What one step did.
     *
     * @param components of the loss before the step
     * @param total the weighted loss before the step
     * @param gradientNorm Euclidean norm of the gradient, before weight decay
     */
    record Step(LossComponents components, double total, double gradientNorm) {}

    static DistillationLossFunction lossFunction(ComputationGraph graph) {
        BaseLayer<?> layer = (BaseLayer<?>) graph.getOutputLayer(0);
        return (DistillationLossFunction) ((LossLayer) layer.layerConf()).getLossFn();
    }

    @Override
    public void close() {
        changes();
        Kernels.close(graph);
        graph.close();
    }
}
