package org.focaldistill.zoo;

import org.focaldistill.net.NetworkBuilder;

/**
 * Wide residual networks (Zagoruyko &amp; Komodakis 2016) in the RepDistiller zoo's form: pre-activation blocks without
 * dropout, a bare stem, and a bare 1x1 convolution wherever a block changes width or size, which takes the block's
 * activated input.
 *
 * @param depth {@code 6n + 4}: three stages of n blocks
 * @param widening how many times wider than 16, 32 and 64 the stages are
 */
record WideResNet(int depth, int widening) implements Family {
    private static final int STEM = 16;
    private static final int STAGES = 3;

    @Override
    public void addTo(NetworkBuilder net, int classes) {
        String x = net.convolution("conv1", net.input(), STEM, 3, 1, 1);

        int blocks = (depth - 4) / 6;
        for (int stage = 1; stage <= STAGES; stage++) {
            int width = (16 << (stage - 1)) * widening;
            for (int i = 0; i < blocks; i++) {
                int stride = stage > 1 && i == 0 ? 2 : 1;
                x = basicBlock(net, "block" + stage + ".layer." + i, x, width, stride);
            }
        }

        x = net.batchNormRelu("bn1", x);
        x = net.globalAveragePool("avgpool", x);
        net.unbiasedLinear("fc", x, classes);
    }

    private static String basicBlock(NetworkBuilder net, String name, String x, int width, int stride) {
        String activated = net.batchNormRelu(name + ".bn1", x);
        String branch = net.convolution(name + ".conv1", activated, width, 3, stride, 1);
        branch = net.batchNormRelu(name + ".bn2", branch);
        branch = net.convolution(name + ".conv2", branch, width, 3, 1, 1);

        String shortcut =
                net.channels(x) == width ? x : net.convolution(name + ".convShortcut", activated, width, 1, stride, 0);
        return net.sum(name + ".add", branch, shortcut);
    }
}
