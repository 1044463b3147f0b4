package org.focaldistill.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.focaldistill.sweep.Seed;
import org.junit.jupiter.api.Test;

class ParameterSpecTest {
    private static final Initialisation UNIFORM = new Initialisation.Uniform(0.5);

    /** The first weights of students whose rows are kept. */
    @Test
    void a_seed_s_values_are_for_ever() {
        assertThat(spec("fc.weight", UNIFORM, 3).initial(1)).containsExactly(0.07692586f, 0.26911935f, -0.40471852f);
        assertThat(spec("conv1.weight", new Initialisation.Normal(0.1), 3).initial(7))
                .containsExactly(-0.07078225f, -0.033153683f, -0.14700902f);
        assertThat(spec("bn1.running_mean", UNIFORM, 2).initial(1)).containsExactly(0.06347936f, 0.07814061f);
        assertThat(spec("fc.weight", UNIFORM, 3).initial(2)).containsExactly(0.03478314f, -0.16850215f, -0.22234266f);
        assertThat(spec("fc.weight", UNIFORM, 3).initial(Seed.of(2).initStream()))
                .containsExactly(0.2932249f, 0.36248913f, 0.19422783f);
    }

    @Test
    void tensors_of_other_names_and_seeds_begin_with_other_values() {
        float[] values = spec("fc.weight", UNIFORM, 8).initial(1);
        assertThat(spec("fc.weight", UNIFORM, 8).initial(2)).isNotEqualTo(values);
        assertThat(spec("fc.bias", UNIFORM, 8).initial(1)).isNotEqualTo(values);
        assertThat(spec("fc.weight", UNIFORM, 8).initial(1)).isEqualTo(values);
    }

    @Test
    void values_are_spread_as_the_initialisation_says() {
        int count = 20_000;
        float[] uniform = spec("a", UNIFORM, count).initial(1);
        for (float value : uniform) {
            assertThat(value).isBetween(-0.5f, 0.5f);
        }
        assertThat(deviation(uniform)).isBetween(0.98 / Math.sqrt(12), 1.02 / Math.sqrt(12));
        assertThat(deviation(spec("a", new Initialisation.Normal(0.1), count).initial(1)))
                .isBetween(0.098, 0.102);
        assertThat(spec("a", new Initialisation.Constant(1), 3).initial(1)).containsExactly(1, 1, 1);
    }

    private static double deviation(float[] values) {
        return Math.sqrt(IntStream.range(0, values.length)
                .mapToDouble(i -> (double) values[i] * values[i])
                .average()
                .orElseThrow());
    }

    @Test
    void the_last_name_is_the_tensor_s_within_its_node() {
        assertThat(spec("layer1.0.bn1.running_var", UNIFORM, 1).lastName()).isEqualTo("running_var");
    }

    private static ParameterSpec spec(String name, Initialisation initialisation, long... shape) {
        return new ParameterSpec(name, shape, true, initialisation);
    }
}
