package org.focaldistill.net;

import org.focaldistill.net.Operation.Convolution;
import org.focaldistill.net.Operation.Product;

/**
 * What a network costs.
 *
 * @param parameters numbers the optimiser moves
 * @param multiplyAccumulates of convolutions and linear layers for one image
 */
public record Cost(long parameters, long multiplyAccumulates) {

    static Cost of(Network network) {
        long parameters = 0;
        long products = 0;
        for (Node node : network.nodes()) {
            parameters += node.parameters().stream()
                    .filter(ParameterSpec::trained)
                    .mapToLong(ParameterSpec::length)
                    .sum();
            products += products(node);
        }
        return new Cost(parameters, products);
    }

    private static long products(Node node) {
        if (node.operation() instanceof Convolution convolution) {
            FeatureShape out = node.output();
            return (long) out.height() * out.width() * out.channels() * convolution.fanIn();
        }
        return node.operation() instanceof Product product ? (long) product.in() * product.out() : 0;
    }
}
