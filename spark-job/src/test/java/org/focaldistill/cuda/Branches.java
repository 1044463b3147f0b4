package org.focaldistill.cuda;

import org.focaldistill.net.ImageInput;
import org.focaldistill.net.Network;
import org.focaldistill.net.NetworkBuilder;
import org.focaldistill.net.Operation.Convolution;

/** A small network of all kinds of nodes, read in all ways: norms by convolutions, sums, means and each other's siblings. */
final class Branches {
    private Branches() {}

    static Network network() {
        return network(ImageInput.CIFAR);
    }

    static Network network(ImageInput input) {
        NetworkBuilder net = new NetworkBuilder("images", input.shape(), input.normalisation());
        String stem = net.batchNormRelu("bn0", net.convolution("conv0", net.input(), 8, 3, 2, 1));
        String grouped = net.uniformConvolution("grouped", stem, new Convolution(8, 12, 3, 2, 1, 4));
        String depthwise = net.uniformConvolution("depthwise", grouped, new Convolution(12, 12, 3, 1, 1, 12));
        String normed = net.batchNorm("bn1", depthwise);
        String shuffled = net.shuffle("shuffle", normed, 3);
        String sum = net.addRelu("sum", shuffled, net.batchNormRelu("bn2", grouped));
        String pooled = net.averagePool("pool", stem, 3, 2, 1);
        String joined = net.concatenation("joined", pooled, sum);
        String last = net.batchNormRelu("bn3", joined);
        String twice = net.sum("twice", last, last);
        net.linear("fc", net.globalAveragePool("mean", twice), 100);
        return net.build();
    }
}
