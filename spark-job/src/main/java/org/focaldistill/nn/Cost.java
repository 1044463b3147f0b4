package org.focaldistill.nn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a network costs.
 *
 * @param parameters numbers the optimiser moves
 * @param multiplyAccumulates of convolutions and linear layers for one image
 */
public record Cost(long parameters, long multiplyAccumulates) {

    /**
     * Adds up a network's nodes.
     *
     * @param nodes in an order that has each after its inputs
     * @param size height and width of the images
     */
    public static Cost of(List<Node> nodes, int size) {
        Map<String, Long> sizes = new HashMap<>();
        long parameters = 0;
        long products = 0;
        for (Node node : nodes) {
            // The network's input is no node.
            long in = sizes.getOrDefault(node.inputs().get(0), (long) size);
            long out = in;
            if (node.operation() instanceof Operation.Convolution c) {
                out = new Window(c.kernel(), c.stride(), c.padding()).positions(in);
                long weights = (long) c.outChannels() * c.inChannels() / c.groups() * c.kernel() * c.kernel();
                parameters += weights;
                products += weights * out * out;
            } else if (node.operation() instanceof Operation.Product p) {
                parameters += (long) p.in() * p.out() + p.out();
                products += (long) p.in() * p.out();
            } else if (node.operation() instanceof Operation.BatchNormalisation b) {
                parameters += 2L * b.channels();
            } else if (node.operation() instanceof Operation.WindowMean w) {
                out = new Window(w.kernel(), w.stride(), w.padding()).positions(in);
            }
            sizes.put(node.name(), out);
        }
        return new Cost(parameters, products);
    }
}
