package org.focaldistill.zoo;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.focaldistill.nn.AddRelu;
import org.focaldistill.nn.BatchNorm2d;
import org.focaldistill.nn.Conv2d;
import org.focaldistill.nn.GlobalAveragePool;
import org.focaldistill.nn.Linear;

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
    public String addTo(GraphBuilder graph, String images, int classes) {
        graph.addLayer("conv1", new Conv2d(3, stem, 3, 1, 1).asFirstLayer(), images);
        graph.addLayer("bn1", BatchNorm2d.withRelu(stem), "conv1");

        String x = "bn1";
        int in = stem;
        int blocks = (depth - 2) / 6;
        for (int stage = 1; stage <= widths.length; stage++) {
            int out = widths[stage - 1];
            for (int i = 0; i < blocks; i++) {
                int stride = stage > 1 && i == 0 ? 2 : 1;
                x = basicBlock(graph, "layer" + stage + "." + i, x, in, out, stride);
                in = out;
            }
        }

        graph.addLayer("avgpool", new GlobalAveragePool(), x);
        graph.addLayer("fc", new Linear(in, classes), "avgpool");
        return "fc";
    }

    private static String basicBlock(GraphBuilder graph, String name, String x, int in, int out, int stride) {
        graph.addLayer(name + ".conv1", new Conv2d(in, out, 3, stride, 1), x);
        graph.addLayer(name + ".bn1", BatchNorm2d.withRelu(out), name + ".conv1");
        graph.addLayer(name + ".conv2", new Conv2d(out, out, 3, 1, 1), name + ".bn1");
        graph.addLayer(name + ".bn2", BatchNorm2d.of(out), name + ".conv2");

        String shortcut = x;
        if (stride != 1 || in != out) {
            graph.addLayer(name + ".downsample.0", new Conv2d(in, out, 1, stride, 0), x);
            graph.addLayer(name + ".downsample.1", BatchNorm2d.of(out), name + ".downsample.0");
            shortcut = name + ".downsample.1";
        }
        graph.addVertex(name + ".relu", new AddRelu(), name + ".bn2", shortcut);
        return name + ".relu";
    }
}
