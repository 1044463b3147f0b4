package org.focaldistill.nn.dl4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.testing.Reference;
import org.focaldistill.zoo.Architecture;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Networks and images filled by the reference files' integer rule. */
final class ReferenceNetworks {
    private ReferenceNetworks() {}

    static GraphNetwork filled(String model, DataType type) {
        Recipe recipe = new Recipe(1, 2, 0.05, 0.9, 5e-4, List.of(), 0.1);
        GraphNetwork network = GraphNetwork.create(
                Architecture.named(model).network(100), type, recipe, LossSettings.of(LossWeights.CROSS_ENTROPY), 1);
        fill(network, model);
        return network;
    }

    static void fill(GraphNetwork network, String model) {
        Map<String, INDArray> tensors = StateDict.tensors(network.graph());
        List<Reference.TensorLine> lines = Reference.stateDict(model);
        for (int t = 1; t <= lines.size(); t++) {
            Reference.TensorLine line = lines.get(t - 1);
            if (!line.isCounter()) {
                INDArray tensor = tensors.get(line.name());
                double[] values = new double[(int) tensor.length()];
                for (int i = 1; i <= values.length; i++) {
                    values[i - 1] = line.value(t, i);
                }
                tensor.assign(Nd4j.create(values, line.shape(), 'c').castTo(tensor.dataType()));
            }
        }
    }

    /** {@code 2 * u(t, i) - 1} in NCHW order, as the network's NHWC input. */
    static INDArray images(int t, int batch, DataType type) {
        double[] values = new double[batch * 3 * 32 * 32];
        for (int i = 1; i <= values.length; i++) {
            values[i - 1] = 2 * Reference.u(t, i) - 1;
        }
        return Nd4j.create(values, new long[] {batch, 3, 32, 32}, 'c')
                .permute(0, 2, 3, 1)
                .dup('c')
                .castTo(type);
    }

    /** The named numbers of each step in {@code training_trajectory.txt}. */
    static List<Map<String, Double>> trajectory(String model) {
        List<Map<String, Double>> steps = new ArrayList<>();
        for (String line : Reference.lines("training_trajectory.txt")) {
            String[] words = line.split(" ");
            if (words[0].equals(model)) {
                Map<String, Double> step = new HashMap<>();
                for (int i = 1; i < words.length; i += 2) {
                    step.put(words[i], Double.parseDouble(words[i + 1]));
                }
                steps.add(step);
            }
        }
        return steps;
    }
}
