package org.focaldistill.zoo;

import org.focaldistill.net.NetworkBuilder;
import org.focaldistill.net.Operation.Convolution;

/**
 * ShuffleNet v1 (Zhang et al. 2018) in the RepDistiller zoo's form for 32 x 32 images: a 1x1 stem without pooling, and a
 * ReLU after the depthwise convolution that the paper does not have. All weights start as PyTorch's defaults.
 *
 * @param groups of the 1x1 convolutions
 * @param widths of the three stages
 * @param blocks of the three stages
 */
record ShuffleNet(int groups, int[] widths, int[] blocks) implements Family {
    private static final int STEM = 24;

    @Override
    public void addTo(NetworkBuilder net, int classes) {
        String x = pointwise(net, "conv1", net.input(), STEM, 1);
        x = net.batchNormRelu("bn1", x);

        for (int stage = 1; stage <= widths.length; stage++) {
            int width = widths[stage - 1];
            for (int i = 0; i < blocks[stage - 1]; i++) {
                String name = "layer" + stage + "." + i;
                x = i == 0 ? reducingBlock(net, name, x, width) : residualBlock(net, name, x);
            }
        }

        x = net.globalAveragePool("avgpool", x);
        net.linear("linear", x, classes);
    }

    /** {@code relu(x + branch(x))}. */
    private String residualBlock(NetworkBuilder net, String name, String x) {
        String branch = branch(net, name, x, net.channels(x), 1);
        branch = net.batchNorm(name + ".bn3", branch);
        return net.addRelu(name + ".relu", branch, x);
    }

    /**
     * {@code relu(concat(branch(x), pool(x)))} at half the size. The pooled channels, means of what went through a ReLU,
     * are not negative, so the ReLU is taken of the branch alone.
     */
    private String reducingBlock(NetworkBuilder net, String name, String x, int width) {
        String branch = branch(net, name, x, width - net.channels(x), 2);
        branch = net.batchNormRelu(name + ".bn3", branch);
        String shortcut = net.averagePool(name + ".shortcut.0", x, 3, 2, 1);
        return net.concatenation(name + ".concat", branch, shortcut);
    }

    private String branch(NetworkBuilder net, String name, String x, int width, int stride) {
        int middle = width / 4;
        // The stem's few channels are neither grouped nor, for that reason, shuffled.
        int firstGroups = net.channels(x) == STEM ? 1 : groups;
        String y = pointwise(net, name + ".conv1", x, middle, firstGroups);
        y = net.batchNormRelu(name + ".bn1", y);
        if (firstGroups > 1) {
            y = net.shuffle(name + ".shuffle1", y, firstGroups);
        }
        Convolution depthwise = new Convolution(middle, middle, 3, stride, 1, middle);
        y = net.uniformConvolution(name + ".conv2", y, depthwise);
        y = net.batchNormRelu(name + ".bn2", y);
        return pointwise(net, name + ".conv3", y, width, groups);
    }

    private static String pointwise(NetworkBuilder net, String name, String x, int width, int groups) {
        return net.uniformConvolution(name, x, new Convolution(net.channels(x), width, 1, 1, 0, groups));
    }
}
