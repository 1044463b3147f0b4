package org.focaldistill.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.focaldistill.weights.TorchFiles.PickleWriter;
import org.junit.jupiter.api.Test;

/** Which tensors of a file are taken for a network's; here one with the two tensors c.weight [2] and f.bias [1]. */
class NameMatcherTest {
    private static final Map<String, long[]> EXPECTED = expected();

    private static Map<String, long[]> expected() {
        Map<String, long[]> expected = new LinkedHashMap<>();
        expected.put("f.bias", new long[] {1});
        expected.put("c.weight", new long[] {2});
        return expected;
    }

    @Test
    void any_prefix_and_any_nesting_is_found() throws Exception {
        for (String[] place : List.of(
                new String[] {"", ""},
                new String[] {"state_dict", ""},
                new String[] {"a.b.net", "module.student."},
                new String[] {"", "backbone."})) {
            ForeignWeights.Match match = read(new File().at(place[0], place[1] + "c.weight", 2, place[1] + "f.bias", 1))
                    .matching(EXPECTED, null);
            assertThat(match.where()).isEqualTo(place[0]);
            assertThat(match.prefix()).isEqualTo(place[1]);
            assertThat(match.tensors().keySet()).containsExactly("f.bias", "c.weight");
        }
    }

    @Test
    void two_networks_that_both_fit_are_refused_until_one_is_chosen() throws Exception {
        ForeignWeights file = read(new File()
                .at("model", "c.weight", 2, "f.bias", 1)
                .at("ema", "c.weight", 2, "f.bias", 1)
                .at("all", "student.c.weight", 2, "student.f.bias", 1, "teacher.c.weight", 2, "teacher.f.bias", 1));
        assertRefused(
                file,
                null,
                "more than one set of tensors fits the network: those after 'ema.', 'model.', 'all.student.',"
                        + " 'all.teacher.'; say which with --prefix");
        assertThat(file.matching(EXPECTED, "ema").where()).isEqualTo("ema");
        ForeignWeights.Match teacher = file.matching(EXPECTED, "all.teacher.");
        assertThat(teacher.where()).isEqualTo("all");
        assertThat(teacher.prefix()).isEqualTo("teacher.");
        assertThat(teacher.ignored())
                .containsExactly("model (2 tensors)", "ema (2 tensors)", "all.student.c.weight", "all.student.f.bias");
        assertRefused(file, "student", "none of the network's tensors follows the prefix 'student.'; of those after ");
    }

    @Test
    void a_network_beside_one_with_a_prefix_is_no_choice_either() throws Exception {
        ForeignWeights file =
                read(new File().at("", "c.weight", 2, "f.bias", 1, "teacher.c.weight", 2, "teacher.f.bias", 1));
        assertRefused(file, null, "those after '', 'teacher.'; say which");
        assertThat(file.matching(EXPECTED, "").prefix()).isEmpty();
        assertThat(file.matching(EXPECTED, "teacher").prefix()).isEqualTo("teacher.");
    }

    @Test
    void one_network_under_two_names_is_no_choice_to_make() throws Exception {
        File file = new File().at("model", "c.weight", 2, "f.bias", 1);
        file.key = 0;
        assertThat(read(file.at("net", "c.weight", 2, "f.bias", 1))
                        .matching(EXPECTED, null)
                        .where())
                .isEqualTo("net");
    }

    @Test
    void a_network_that_fits_wins_over_a_larger_one_that_has_its_names() throws Exception {
        ForeignWeights file = read(new File()
                .at("big", "c.weight", 2, "f.bias", 1, "g.weight", 3)
                .at("small", "c.weight", 2, "f.bias", 1));
        assertThat(file.matching(EXPECTED, null).where()).isEqualTo("small");
        assertRefused(file, "big", "have 2 of 2 names; not expected (1): g.weight");
    }

    @Test
    void the_optimizer_s_tensors_and_counters_are_left_out() throws Exception {
        File file = new File().at("", "c.weight", 2, "f.bias", 1).at("optimizer.state.0", "exp_avg", 2);
        ForeignWeights.Match match = read(file).matching(EXPECTED, null);
        assertThat(match.ignored()).containsExactly("optimizer (1 tensor)");
    }

    @Test
    void what_is_missing_left_over_or_of_another_shape_is_listed_for_the_closest() throws Exception {
        ForeignWeights file =
                read(new File().at("net", "m.c.weight", 3, "m.linear.bias", 1).at("x", "y", 1));
        assertRefused(
                file,
                null,
                "its tensors do not fit the network; the closest, after the prefix 'net.m.', have 1 of 2 names; missing"
                        + " (1): f.bias; not expected (1): linear.bias; of another shape (1): c.weight should be [2],"
                        + " found [3]. Names must be the same, nothing is translated");
    }

    @Test
    void long_lists_are_cut() throws Exception {
        Map<String, long[]> many = new TreeMap<>();
        for (int i = 10; i < 30; i++) {
            many.put("t" + i, new long[] {1});
        }
        ForeignWeights file = read(new File().at("", "t10", 1));
        assertThatThrownBy(() -> file.matching(many, null))
                .hasMessageContaining("missing (19): t11, t12, t13, t14, t15, t16, t17, t18, t19, t20, and 9 more.");
    }

    @Test
    void only_another_shape_makes_one_ask_for_the_number_of_classes() throws Exception {
        assertRefused(
                read(new File().at("", "c.weight", 2, "f.bias", 5)),
                null,
                "have 2 of 2 names; of another shape (1): f.bias should be [1], found [5]. Is it for another"
                        + " architecture or number of classes?");
    }

    @Test
    void a_file_without_any_of_the_names_says_what_it_has() throws Exception {
        assertRefused(
                read(new File().at("", "x.kernel", 2)),
                null,
                "none of the network's 2 tensors is there under its name; the names must be the same, nothing is"
                        + " translated. The file's names begin so: x.kernel");
        assertRefused(read(new File().at("", "xc.weight", 2, "xf.bias", 1)), null, "none of the network's 2 tensors");
    }

    @Test
    void running_statistics_that_are_missing_have_their_own_reason() throws Exception {
        Map<String, long[]> norm = new TreeMap<>();
        List.of("weight", "bias", "running_mean", "running_var")
                .forEach(name -> norm.put("bn." + name, new long[] {1}));
        ForeignWeights file = read(new File().at("", "bn.weight", 1, "bn.bias", 1));
        assertThatThrownBy(() -> file.matching(norm, null))
                .hasMessageContaining(
                        "missing (2): bn.running_mean, bn.running_var. These are the running statistics of"
                                + " batch norms, without which nothing can be evaluated: was it saved from parameters() or with"
                                + " track_running_stats=False? Save the model's state_dict()");
    }

    private static ForeignWeights read(File file) throws InvalidModelException {
        return ForeignWeights.read(file.bytes(), "x");
    }

    private static void assertRefused(ForeignWeights file, String prefix, String message) {
        assertThatThrownBy(() -> file.matching(EXPECTED, prefix))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("Cannot read the model x: ")
                .hasMessageContaining(message);
    }

    /** A checkpoint of zeros, each tensor with its own storage. */
    private static final class File {
        private final PickleWriter pickle = TorchFiles.pickle().op('}');
        private final Map<String, byte[]> storages = new LinkedHashMap<>();
        private int key;

        /** Adds tensors: names and lengths in turn, in a dictionary under a dotted path. */
        File at(String path, Object... tensors) {
            List<String> keys = path.isEmpty() ? List.of() : List.of(path.split("\\."));
            keys.forEach(each -> pickle.text(each).op('}'));
            for (int i = 0; i < tensors.length; i += 2) {
                int length = (Integer) tensors[i + 1];
                String storage = Integer.toString(key++);
                storages.put(storage, new byte[4 * length]);
                pickle.text((String) tensors[i])
                        .tensor("FloatStorage", storage, length, 0, new long[] {length}, new long[] {1})
                        .op('s');
            }
            keys.forEach(each -> pickle.op('s'));
            return this;
        }

        byte[] bytes() {
            return TorchFiles.archive(pickle.stop(), storages);
        }
    }
}
