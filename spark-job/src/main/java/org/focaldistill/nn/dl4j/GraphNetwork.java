package org.focaldistill.nn.dl4j;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.Network;
import org.focaldistill.nn.backend.KernelLibraries;
import org.focaldistill.nn.fold.FoldedNetwork;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.train.NotFiniteException;
import org.focaldistill.train.Step;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Tensor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * A network on Deeplearning4j, with a loss and an optimiser around it. Belongs to one thread at a time; {@link #close} frees
 * its native memory.
 */
public final class GraphNetwork implements AutoCloseable {
    private final Network network;
    private final ComputationGraph graph;
    private final StepWatch watch = new StepWatch();
    /** What evaluates the network as long as its weights stay as they are. */
    private @Nullable FoldedNetwork evaluation;

    private GraphNetwork(Network network, ComputationGraph graph) {
        this.network = network;
        this.graph = graph;
        graph.setListeners(watch);
    }

    /** A new network for a task, with random weights. */
    public static GraphNetwork of(TrainingTask task) {
        return create(task.network(), DataType.FLOAT, task.recipe(), task.loss(), task.initSeed());
    }

    /** A new network with random weights. */
    static GraphNetwork create(Network network, DataType type, Recipe recipe, LossSettings loss, long initSeed) {
        GraphNetwork created = untrainable(network, type, recipe, loss, initSeed);
        created.graph.setUpdater(new BlockUpdater(created.graph));
        return created;
    }

    /** Without gradients and velocities, which take twice the memory of the parameters. */
    private static GraphNetwork untrainable(
            Network network, DataType type, Recipe recipe, LossSettings loss, long initSeed) {
        return new GraphNetwork(
                network,
                GraphCompiler.compile(
                        network,
                        type,
                        loss,
                        new HeavyBall(schedule(recipe), recipe.momentum()),
                        List.of(new L2Regularization(recipe.weightDecay())),
                        initSeed));
    }

    /** A network that only classifies, e.g. a teacher; its weights are to be loaded. */
    static GraphNetwork forInference(Network network) {
        Recipe unused = new Recipe(1, 1, 1, 0, 0, List.of(), 1);
        return untrainable(network, DataType.FLOAT, unused, LossSettings.of(LossWeights.CROSS_ENTROPY), 0);
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

    /** Its description. */
    Network description() {
        return network;
    }

    DataType dataType() {
        return graph.getConfiguration().getDataType();
    }

    /** The Deeplearning4j network itself. */
    public ComputationGraph graph() {
        return graph;
    }

    /**
     * Loads weights, all of them or none.
     *
     * @param name what to call their file in messages
     * @throws InvalidModelException if they belong to another network
     */
    public void load(Map<String, Tensor> tensors, String name) throws InvalidModelException {
        NetworkTensors.require(network, tensors, name);
        changes();
        StateDict.tensors(graph).forEach((tensor, target) -> {
            Tensor source = Objects.requireNonNull(tensors.get(tensor));
            target.assign(Nd4j.create(source.values(), source.shape(), 'c').castTo(target.dataType()));
        });
    }

    /** Copies of its tensors, rounded to float, under their state_dict names. */
    public Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        StateDict.tensors(graph)
                .forEach((name, array) -> tensors.put(
                        name,
                        new Tensor(array.shape().clone(), array.dup('c').data().asFloat())));
        return tensors;
    }

    /** Sets the 0-based epoch, which decides the learning rate and the weights of the loss. */
    public void startEpoch(int epoch) {
        lossFunction(graph).startEpoch(epoch);
        graph.getConfiguration().setEpochCount(epoch);
    }

    /**
     * One optimiser step.
     *
     * @param images {@code [batch, side, side, 3]}
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
    public Step lastStep() {
        return watch.last();
    }

    /** Has the weights changed by other means than {@link #step}. */
    public <R> R change(Function<ComputationGraph, R> change) {
        changes();
        return change.apply(graph);
    }

    /**
     * Logits in evaluation mode.
     *
     * @param images {@code [batch, side, side, 3]}
     * @return {@code [batch, classes]}, row-major
     */
    double[] logits(INDArray images) {
        FoldedNetwork current = evaluation;
        if (current == null) {
            current = new FoldedNetwork(network, StateDict.tensors(graph), KernelLibraries.choose(dataType()));
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

    static DistillationLossFunction lossFunction(ComputationGraph graph) {
        BaseLayer<?> layer = (BaseLayer<?>) graph.getOutputLayer(0);
        return (DistillationLossFunction) ((LossLayer) layer.layerConf()).getLossFn();
    }

    @Override
    public void close() {
        changes();
        GraphKernels.close(graph);
        graph.close();
    }
}
