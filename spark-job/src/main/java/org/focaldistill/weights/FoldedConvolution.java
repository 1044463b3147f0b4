package org.focaldistill.weights;

import java.util.Map;
import java.util.Objects;

/**
 * A convolution that does the work of the batch norm behind it: with {@code s = weight / sqrt(running_var + epsilon)}
 * its weights are multiplied by s and its bias is {@code bias - s * running_mean}.
 *
 * @param weight {@code [out, in / groups, kernel, kernel]}
 * @param bias {@code [out]}
 */
record FoldedConvolution(Tensor weight, Tensor bias) {

    /**
     * Folds a batch norm into a convolution.
     *
     * @param tensors holds those of both
     * @param convolution the convolution's name
     * @param norm the batch norm's name
     */
    static FoldedConvolution of(Map<String, Tensor> tensors, String convolution, String norm, double epsilon) {
        Tensor kernel = tensor(tensors, convolution + ".weight");
        float[] scale = tensor(tensors, norm + ".weight").values();
        float[] shift = tensor(tensors, norm + ".bias").values();
        float[] mean = tensor(tensors, norm + ".running_mean").values();
        float[] variance = tensor(tensors, norm + ".running_var").values();
        float[] weight = kernel.values().clone();
        float[] bias = new float[scale.length];
        int each = weight.length / scale.length;
        for (int channel = 0; channel < scale.length; channel++) {
            double factor = scale[channel] / Math.sqrt(variance[channel] + epsilon);
            bias[channel] = (float) (shift[channel] - factor * mean[channel]);
            for (int i = channel * each; i < (channel + 1) * each; i++) {
                weight[i] = (float) (factor * weight[i]);
            }
        }
        return new FoldedConvolution(new Tensor(kernel.shape(), weight), new Tensor(new long[] {bias.length}, bias));
    }

    private static Tensor tensor(Map<String, Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }
}
