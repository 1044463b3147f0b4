package org.focaldistill.zoo;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.focaldistill.nn.AddRelu;
import org.focaldistill.nn.AveragePool2d;
import org.focaldistill.nn.BatchNorm2d;
import org.focaldistill.nn.ChannelShuffle;
import org.focaldistill.nn.ConcatChannels;
import org.focaldistill.nn.Conv2d;
import org.focaldistill.nn.GlobalAveragePool;
import org.focaldistill.nn.Linear;

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
    public String addTo(GraphBuilder graph, String images, int classes) {
        graph.addLayer("conv1", pointwise(3, STEM, 1).asFirstLayer(), images);
        graph.addLayer("bn1", BatchNorm2d.withRelu(STEM), "conv1");

        String x = "bn1";
        int in = STEM;
        for (int stage = 1; stage <= widths.length; stage++) {
            int out = widths[stage - 1];
            for (int i = 0; i < blocks[stage - 1]; i++) {
                String name = "layer" + stage + "." + i;
                x = i == 0 ? reducingBlock(graph, name, x, in, out) : residualBlock(graph, name, x, out);
                in = out;
            }
        }

        graph.addLayer("avgpool", new GlobalAveragePool(), x);
        graph.addLayer("linear", new Linear(in, classes), "avgpool");
        return "linear";
    }

    /** {@code relu(x + branch(x))}. */
    private String residualBlock(GraphBuilder graph, String name, String x, int width) {
        String branch = branch(graph, name, x, width, width, 1);
        graph.addLayer(name + ".bn3", BatchNorm2d.of(width), branch);
        graph.addVertex(name + ".relu", new AddRelu(), name + ".bn3", x);
        return name + ".relu";
    }

    /**
     * {@code relu(concat(branch(x), pool(x)))} at half the size. The pooled channels, means of what went through a ReLU,
     * are not negative, so the ReLU is taken of the branch alone.
     */
    private String reducingBlock(GraphBuilder graph, String name, String x, int in, int out) {
        int branchWidth = out - in;
        String branch = branch(graph, name, x, in, branchWidth, 2);
        graph.addLayer(name + ".bn3", BatchNorm2d.withRelu(branchWidth), branch);
        graph.addLayer(name + ".shortcut.0", new AveragePool2d(3, 2, 1), x);
        graph.addVertex(
                name + ".concat", new ConcatChannels().withOutputInPlanes(groups), name + ".bn3", name + ".shortcut.0");
        return name + ".concat";
    }

    private String branch(GraphBuilder graph, String name, String x, int in, int out, int stride) {
        int middle = out / 4;
        // The stem's few channels are neither grouped nor, for that reason, shuffled.
        int firstGroups = in == STEM ? 1 : groups;
        graph.addLayer(name + ".conv1", pointwise(in, middle, firstGroups), x);
        graph.addLayer(name + ".bn1", BatchNorm2d.withRelu(middle), name + ".conv1");
        String mixed = name + ".bn1";
        if (firstGroups > 1) {
            graph.addLayer(name + ".shuffle1", new ChannelShuffle(firstGroups), mixed);
            mixed = name + ".shuffle1";
        }
        Conv2d depthwise = new Conv2d(middle, middle, 3, stride, 1).inGroups(middle);
        graph.addLayer(name + ".conv2", depthwise.startingUniform(), mixed);
        graph.addLayer(name + ".bn2", BatchNorm2d.withRelu(middle), name + ".conv2");
        graph.addLayer(name + ".conv3", pointwise(middle, out, groups).withOutputInPlanes(), name + ".bn2");
        return name + ".conv3";
    }

    private static Conv2d pointwise(int in, int out, int groups) {
        return new Conv2d(in, out, 1, 1, 0).inGroups(groups).startingUniform();
    }
}
