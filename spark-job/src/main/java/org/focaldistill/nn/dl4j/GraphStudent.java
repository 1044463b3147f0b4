package org.focaldistill.nn.dl4j;

import java.util.Map;
import org.focaldistill.train.Student;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Tensor;

/** A student on Deeplearning4j, however its steps are made. */
public abstract class GraphStudent extends GraphClassifier implements Student {

    protected GraphStudent(GraphNetwork network) {
        super(network);
    }

    @Override
    public final Map<String, Tensor> tensors() {
        return network().tensors();
    }

    @Override
    public final Map<String, Tensor> velocities() {
        return Velocities.read(network().graph());
    }

    @Override
    public final void load(Map<String, Tensor> tensors, String name) throws InvalidModelException {
        network().load(tensors, name);
    }

    @Override
    public final void loadVelocities(Map<String, Tensor> velocities, String name) throws InvalidModelException {
        NetworkTensors.requireVelocities(network().description(), velocities, name);
        Velocities.write(network().graph(), velocities);
    }

    @Override
    public final void loadEarlierVelocities(Map<String, Tensor> velocities, String name) throws InvalidModelException {
        NetworkTensors.requireVelocities(network().description(), velocities, name);
        Velocities.writeEarlier(network().graph(), velocities);
    }
}
