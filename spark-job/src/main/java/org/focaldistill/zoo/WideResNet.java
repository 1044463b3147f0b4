package org.focaldistill.zoo;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.focaldistill.nn.BatchNorm2d;
import org.focaldistill.nn.Conv2d;
import org.focaldistill.nn.GlobalAveragePool;
import org.focaldistill.nn.Linear;

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
    public String addTo(GraphBuilder graph, String images, int classes) {
        graph.addLayer("conv1", new Conv2d(3, STEM, 3, 1, 1).asFirstLayer(), images);

        String x = "conv1";
        int in = STEM;
        int blocks = (depth - 4) / 6;
        for (int stage = 1; stage <= STAGES; stage++) {
            int out = (16 << (stage - 1)) * widening;
            for (int i = 0; i < blocks; i++) {
                int stride = stage > 1 && i == 0 ? 2 : 1;
                x = basicBlock(graph, "block" + stage + ".layer." + i, x, in, out, stride);
                in = out;
            }
        }

        graph.addLayer("bn1", BatchNorm2d.withRelu(in), x);
        graph.addLayer("avgpool", new GlobalAveragePool(), "bn1");
        graph.addLayer("fc", new Linear(in, classes).startingUnbiased(), "avgpool");
        return "fc";
    }

    private static String basicBlock(GraphBuilder graph, String name, String x, int in, int out, int stride) {
        graph.addLayer(name + ".bn1", BatchNorm2d.withRelu(in), x);
        graph.addLayer(name + ".conv1", new Conv2d(in, out, 3, stride, 1), name + ".bn1");
        graph.addLayer(name + ".bn2", BatchNorm2d.withRelu(out), name + ".conv1");
        graph.addLayer(name + ".conv2", new Conv2d(out, out, 3, 1, 1), name + ".bn2");

        String shortcut = x;
        if (in != out) {
            graph.addLayer(name + ".convShortcut", new Conv2d(in, out, 1, stride, 0), name + ".bn1");
            shortcut = name + ".convShortcut";
        }
        graph.addVertex(name + ".add", new ElementWiseVertex(ElementWiseVertex.Op.Add), name + ".conv2", shortcut);
        return name + ".add";
    }
}
