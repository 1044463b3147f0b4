package org.focaldistill.zoo;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;

/** A family of architectures. Vertices are named as PyTorch's modules, so a tensor's name is its state_dict name. */
interface Family {
    /**
     * Adds the network's vertices.
     *
     * @param graph what to add to
     * @param images the vertex or input that yields {@code [batch, 32, 32, 3]}
     * @param classes how many logits
     * @return the vertex that yields logits {@code [batch, classes]}
     */
    String addTo(GraphBuilder graph, String images, int classes);
}
