package org.focaldistill.nn.averaging;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.focaldistill.net.Operation.BatchNormalisation;
import org.focaldistill.nn.dl4j.StateDict;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batch norm's running statistics of a network that several workers trained. The variance of what all of them saw is the
 * mean of their variances plus the variance of their means; averaging gives the first, {@link #addSpread} the second.
 */
final class NormStatistics {
    private static final String MEAN = ".running_mean";
    private static final String VARIANCE = ".running_var";

    private NormStatistics() {}

    /** The running means of all channels, in the network's order. */
    static float[] means(ComputationGraph network) {
        List<INDArray> means = StateDict.tensors(network).entrySet().stream()
                .filter(tensor -> tensor.getKey().endsWith(MEAN))
                .map(Map.Entry::getValue)
                .toList();
        float[] values =
                new float[means.stream().mapToInt(mean -> (int) mean.length()).sum()];
        int at = 0;
        for (INDArray mean : means) {
            float[] part = mean.dup().data().asFloat();
            System.arraycopy(part, 0, values, at, part.length);
            at += part.length;
        }
        return values;
    }

    /**
     * Adds the spread between workers to the running variances, which are to be the mean of theirs.
     *
     * <p>All set out from the same running mean {@code r} and after n steps have {@code r + a (m - r)} with {@code a = 1 -
     * (1 - momentum)^n}, each with its own {@code m}. The running means thus spread with {@code a^2 Var(m)}, while the
     * running variance is to take its share, {@code a}, of {@code Var(m)}.
     *
     * @param meansOfWorkers {@link #means} of each
     * @param steps how many they made since they were the same
     */
    static void addSpread(ComputationGraph network, List<float[]> meansOfWorkers, int steps) {
        if (meansOfWorkers.size() < 2) {
            return;
        }
        double share = 1 - Math.pow(1 - BatchNormalisation.MOMENTUM, steps);
        float[] spread = variance(meansOfWorkers);
        for (int i = 0; i < spread.length; i++) {
            spread[i] /= (float) share;
        }
        int at = 0;
        for (Map.Entry<String, INDArray> tensor : StateDict.tensors(network).entrySet()) {
            if (tensor.getKey().endsWith(VARIANCE)) {
                INDArray variance = tensor.getValue();
                float[] part = Arrays.copyOfRange(spread, at, at + (int) variance.length());
                variance.addi(Nd4j.create(part, variance.shape(), 'c').castTo(variance.dataType()));
                at += part.length;
            }
        }
        if (at != spread.length) {
            throw new IllegalStateException(
                    "The workers have " + spread.length + " running means, the network " + at + " variances");
        }
    }

    private static float[] variance(List<float[]> rows) {
        float[] variance = new float[rows.get(0).length];
        for (int i = 0; i < variance.length; i++) {
            double sum = 0;
            for (float[] row : rows) {
                sum += row[i];
            }
            double mean = sum / rows.size();
            double squares = 0;
            for (float[] row : rows) {
                squares += (row[i] - mean) * (row[i] - mean);
            }
            variance[i] = (float) (squares / rows.size());
        }
        return variance;
    }
}
