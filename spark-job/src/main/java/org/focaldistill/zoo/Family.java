package org.focaldistill.zoo;

import org.focaldistill.net.NetworkBuilder;

/** A family of architectures. Nodes are named as PyTorch's modules, so a tensor's name is its state_dict name. */
interface Family {
    /**
     * Writes the network down, from images of 32 x 32 pixels to logits.
     *
     * @param classes how many logits
     */
    void addTo(NetworkBuilder net, int classes);
}
