package org.focaldistill.train;

import java.util.Map;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Tensor;

/**
 * A network in training, on some engine. All that it gives and takes is named as in PyTorch's state_dict, so what one engine has
 * trained another one can run.
 */
public interface NetworkInTraining {
    /** Copies of its tensors, running statistics included. */
    Map<String, Tensor> tensors();

    /** Copies of the optimiser's velocities, by the name of the tensor they move. */
    Map<String, Tensor> velocities();

    /**
     * Loads tensors, all of them or none.
     *
     * @param name what to call them in messages
     * @throws InvalidModelException if they are another network's
     */
    void load(Map<String, Tensor> tensors, String name) throws InvalidModelException;

    /**
     * Loads velocities, all of them or none.
     *
     * @param name what to call where they are from in messages
     * @throws InvalidModelException if they are another network's
     */
    void loadVelocities(Map<String, Tensor> velocities, String name) throws InvalidModelException;
}
