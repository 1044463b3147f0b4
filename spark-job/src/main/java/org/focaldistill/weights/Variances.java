package org.focaldistill.weights;

import org.focaldistill.net.Operation.BatchNormalisation;

/**
 * What batch norms divide by. A network with a negative one is not seen to be broken by what it computes: engines may turn
 * the NaN that comes of it into 0 at the next ReLU.
 */
final class Variances {
    private static final String NAME = "running_var";

    private Variances() {}

    /**
     * Refuses variances that have no finite root with what batch norms add to them; those that rounding moved a little below
     * zero have one.
     *
     * @param tensor the name of the tensor, whatever it holds
     * @param values its elements
     */
    static void require(String tensor, float[] values, Refusal refusal) throws InvalidModelException {
        if (!tensor.substring(tensor.lastIndexOf('.') + 1).equals(NAME)) {
            return;
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] + (float) BatchNormalisation.EPSILON <= 0) {
                throw refusal.ofElement(i, tensor, values[i] + ", which no variance can be");
            }
        }
    }
}
