package org.focaldistill.nn;

import java.util.List;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Configuration of a layer of this package. Its sizes are given outright, nothing is inferred from the input; all its
 * trained tensors take the network's updater and regularisation, batch-norm and bias included, as in the zoo's PyTorch
 * recipe.
 */
public abstract class NativeLayer extends BaseLayer {
    private static final long serialVersionUID = 1;

    /** The layer's tensors in state_dict order. */
    abstract List<ParameterSpec> parameters();

    /** What the layer computes. */
    abstract Operation operation();

    @Override
    public ParamInitializer initializer() {
        return new Parameters(parameters());
    }

    private boolean isTrained(String name) {
        return parameters().stream().anyMatch(p -> p.name().equals(name) && p.trained());
    }

    @Override
    public @Nullable List<Regularization> getRegularizationByParam(String name) {
        return isTrained(name) ? regularization : null;
    }

    @Override
    public IUpdater getUpdaterByParam(String name) {
        return isTrained(name) ? iUpdater : new NoOp();
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        throw new UnsupportedOperationException(
                "Layers of FocalDistill state their sizes; build the graph without setInputTypes");
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
