package org.focaldistill.nn;

import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Lets the groups of grouped convolutions see each other (Zhang et al. 2018, section 3.1): of {@code g} groups, output
 * channel {@code j * g + k} is input channel {@code k * (channels / g) + j}. {@code [batch, height, width, channels]}.
 */
public final class ChannelShuffle extends LinearMap {
    private static final long serialVersionUID = 1;

    @JsonProperty
    private int groups;

    /** For JSON. */
    ChannelShuffle() {}

    public ChannelShuffle(int groups) {
        this.groups = groups;
    }

    @Override
    ActivationShape output(ActivationShape input) {
        return input;
    }

    @Override
    LinearMapKernel kernel(Engine engine, ActivationShape input) {
        input.requireNoPlanes(layerName);
        if (input.channels() % groups != 0) {
            throw new IllegalArgumentException(
                    layerName + " cannot cut " + input.channels() + " channels into " + groups + " equal groups");
        }
        return engine.shuffle(input, groups);
    }

    @Override
    Operation operation() {
        return new Operation.Shuffle(groups);
    }
}
