package org.focaldistill.net;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.focaldistill.net.Operation.BatchNormalisation;

/**
 * Weights of a convolution that does the work of the batch norm behind it: with {@code s = scale / sqrt(variance +
 * epsilon)} its own are multiplied by s and its bias is {@code shift - s * mean}.
 *
 * @param weight {@code [out, in / groups, kernel, kernel]}, row-major
 * @param bias {@code [out]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record FoldedWeights(double[] weight, double[] bias) {

    /** Weights with nothing behind the convolution. */
    public static FoldedWeights plain(double[] weight, int outChannels) {
        return new FoldedWeights(weight, new double[outChannels]);
    }

    /**
     * Folds a batch norm's tensors, each {@code [out]}, into a convolution's weights.
     *
     * @param weight of the convolution; not changed
     */
    public static FoldedWeights of(double[] weight, double[] scale, double[] shift, double[] mean, double[] variance) {
        double[] folded = weight.clone();
        double[] bias = new double[scale.length];
        int each = weight.length / scale.length;
        for (int channel = 0; channel < scale.length; channel++) {
            double factor = scale[channel] / Math.sqrt(variance[channel] + BatchNormalisation.EPSILON);
            bias[channel] = shift[channel] - factor * mean[channel];
            for (int i = channel * each; i < (channel + 1) * each; i++) {
                folded[i] *= factor;
            }
        }
        return new FoldedWeights(folded, bias);
    }

    /** Whether no value is lost as a float: a scale of a diverging network can be beyond any. */
    public boolean fitFloats() {
        return DoubleStream.concat(Arrays.stream(weight), Arrays.stream(bias))
                .allMatch(value -> Math.abs(value) <= Float.MAX_VALUE);
    }
}
