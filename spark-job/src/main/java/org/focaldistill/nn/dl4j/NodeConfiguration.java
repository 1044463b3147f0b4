package org.focaldistill.nn.dl4j;

import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.focaldistill.net.Node;
import org.focaldistill.net.ParameterSpec;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * A node with one input, as Deeplearning4j's configuration of a layer. Nothing is inferred from the input; all its trained
 * tensors take the network's updater and regularisation, batch-norm and bias included, as in the zoo's PyTorch recipe.
 *
 * <p>It does not go through JSON or serialisation: every process compiles its networks from their descriptions.
 */
final class NodeConfiguration extends BaseLayer {
    private static final long serialVersionUID = 1;

    private final transient Node node;
    private final transient NodeLayout layout;

    NodeConfiguration(Node node, NodeLayout layout) {
        this.node = node;
        this.layout = layout;
        setLayerName(node.name());
    }

    Node node() {
        return node;
    }

    NodeLayout layout() {
        return layout;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray view,
            boolean initialise,
            DataType type) {
        NodeLayer layer = NodeLayer.of(node.operation(), conf, type);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(view);
        layer.setParamTable(initializer().init(conf, view, initialise));
        layer.setConf(conf);
        return layer;
    }

    @Override
    public ParamInitializer initializer() {
        return new Parameters(node.parameters());
    }

    private boolean isTrained(String key) {
        return node.parameters().stream()
                .filter(ParameterSpec::trained)
                .map(Parameters::key)
                .anyMatch(key::equals);
    }

    @Override
    public @Nullable List<Regularization> getRegularizationByParam(String key) {
        return isTrained(key) ? regularization : null;
    }

    @Override
    public IUpdater getUpdaterByParam(String key) {
        return isTrained(key) ? iUpdater : new NoOp();
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        throw new UnsupportedOperationException(
                "Nodes of FocalDistill state their shapes; build the graph without setInputTypes");
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        // the number of input channels is given
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return null;
    }

    @Override
    public boolean isPretrainParam(String name) {
        return false;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        long parameters = initializer().numParams(this);
        return new LayerMemoryReport.Builder(layerName, getClass(), inputType, inputType)
                .standardMemory(parameters, parameters)
                .build();
    }
}
