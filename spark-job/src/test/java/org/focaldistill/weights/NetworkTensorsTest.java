package org.focaldistill.weights;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.focaldistill.net.FeatureShape;
import org.focaldistill.net.Network;
import org.focaldistill.net.NetworkBuilder;
import org.junit.jupiter.api.Test;

class NetworkTensorsTest {
    private static final Network NETWORK = network();
    private final Map<String, Tensor> tensors = NetworkTensors.initial(NETWORK, 1);

    private static Network network() {
        NetworkBuilder net = new NetworkBuilder("images", new FeatureShape(4, 4, 3));
        net.linear("fc", net.globalAveragePool("mean", net.batchNorm("bn", net.input())), 2);
        return net.build();
    }

    @Test
    void velocities_are_those_of_trained_tensors_alone() {
        assertThatThrownBy(() -> NetworkTensors.requireVelocities(NETWORK, tensors, "epoch 3"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage("Cannot load the velocities of epoch 3: tensors missing: [], tensors that do not belong:"
                        + " [bn.running_mean, bn.running_var]");

        tensors.keySet().removeIf(name -> name.contains("running"));
        assertThatCode(() -> NetworkTensors.requireVelocities(NETWORK, tensors, "epoch 3"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> NetworkTensors.require(NETWORK, tensors, "x"))
                .hasMessageStartingWith("Cannot load the model x: tensors missing: [bn.running_mean, bn.running_var]");
    }

    @Test
    void a_velocity_of_another_shape_is_refused_also_where_it_has_as_many_values() {
        tensors.keySet().removeIf(name -> name.contains("running"));
        tensors.put("fc.weight", new Tensor(new long[] {3, 2}, new float[6]));
        assertThatThrownBy(() -> NetworkTensors.requireVelocities(NETWORK, tensors, "epoch 3"))
                .hasMessageEndingWith("tensor fc.weight should have the shape [2, 3], found [3, 2]");
    }
}
