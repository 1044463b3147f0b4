package org.focaldistill.zoo;

import org.focaldistill.net.NetworkBuilder;

/**
 * Residual networks for 32 x 32 images (He et al. 2016, section 4.2) in the RepDistiller zoo's form: post-activation
 * basic blocks, and a 1x1 convolution with batch norm wherever a block changes width or size.
 *
 * @param depth {@code 6n + 2}: three stages of n blocks
 * @param stem width of the first convolution
 * @param widths of the three stages
 */
record ResNet(int depth, int stem, int... widths) implements Family {

    @Override
    public void addTo(NetworkBuilder net, int classes) {
        String x = net.convolution("conv1", net.input(), stem, 3, 1, 1);
        x = net.batchNormRelu("bn1", x);

        int blocks = (depth - 2) / 6;
        for (int stage = 1; stage <= widths.length; stage++) {
            for (int i = 0; i < blocks; i++) {
                int stride = stage > 1 && i == 0 ? 2 : 1;
                x = basicBlock(net, "layer" + stage + "." + i, x, widths[stage - 1], stride);
            }
        }

        x = net.globalAveragePool("avgpool", x);
        net.linear("fc", x, classes);
    }

    private static String basicBlock(NetworkBuilder net, String name, String x, int width, int stride) {
        String branch = net.convolution(name + ".conv1", x, width, 3, stride, 1);
        branch = net.batchNormRelu(name + ".bn1", branch);
        branch = net.convolution(name + ".conv2", branch, width, 3, 1, 1);
        branch = net.batchNorm(name + ".bn2", branch);

        String shortcut = x;
        if (stride != 1 || net.channels(x) != width) {
            shortcut = net.convolution(name + ".downsample.0", x, width, 1, stride, 0);
            shortcut = net.batchNorm(name + ".downsample.1", shortcut);
        }
        return net.addRelu(name + ".relu", branch, shortcut);
    }
}
