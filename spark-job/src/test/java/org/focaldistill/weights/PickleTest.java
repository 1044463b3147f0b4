package org.focaldistill.weights;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.focaldistill.weights.TorchFiles.pickle;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.focaldistill.weights.PickleValue.Dict;
import org.focaldistill.weights.PickleValue.Opaque;
import org.focaldistill.weights.PickleValue.Sequence;
import org.focaldistill.weights.TorchFiles.PickleWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PickleTest {
    private static final Refusal REFUSAL = new Refusal("x");

    @Test
    void plain_values_are_read_in_every_notation() throws Exception {
        assertThat(read(pickle().raw("I42\n".getBytes(UTF_8)))).isEqualTo(42L);
        assertThat(read(pickle().raw("I01\n".getBytes(UTF_8)))).isEqualTo(true);
        assertThat(read(pickle().raw("L-7L\n".getBytes(UTF_8)))).isEqualTo(-7L);
        assertThat(read(pickle().op('J').int32(-2))).isEqualTo(-2L);
        assertThat(read(pickle().op('M', 1, 2))).isEqualTo(513L);
        assertThat(read(pickle().op(0x8a, 0))).isEqualTo(0L);
        assertThat(read(pickle().op(0x8b).int32(1).op(0xff))).isEqualTo(-1L);
        assertThat(read(pickle().raw("F1.5\n".getBytes(UTF_8)))).isEqualTo(1.5);
        assertThat(read(pickle().op('G', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0))).isEqualTo(1.5);
        assertThat(read(pickle().raw("Vä\n".getBytes(UTF_8)))).isEqualTo("ä");
        assertThat(read(pickle().raw("S'b'\n".getBytes(UTF_8)))).isEqualTo("b");
        assertThat(read(pickle().op(0x8c, 1, 'c'))).isEqualTo("c");
        assertThat(read(pickle().op('U', 1, 'd'))).isEqualTo("d");
        assertThat(read(pickle().op('T').int32(1).op('e'))).isEqualTo("e");
        assertThat(read(pickle().op(0x8d, 1, 0, 0, 0, 0, 0, 0, 0, 'f'))).isEqualTo("f");
        assertThat(read(pickle().op('N'))).isSameAs(Opaque.NONE);
    }

    @Test
    void lists_and_dictionaries_are_read_in_every_notation() throws Exception {
        assertThat(items(pickle().op('K', 1, 0x85))).containsExactly(1L);
        assertThat(items(pickle().op('K', 1, 'K', 2, 0x86))).containsExactly(1L, 2L);
        assertThat(items(pickle().op('K', 1, 'K', 2, 'K', 3, 0x87))).containsExactly(1L, 2L, 3L);
        assertThat(items(pickle().op(']', 'K', 1, 'a', '(', 'K', 2, 'K', 3, 'e')))
                .containsExactly(1L, 2L, 3L);
        assertThat(items(pickle().op('(', 'K', 1, 'l'))).containsExactly(1L);
        assertThat(items(pickle().op(0x8f, '(', 'K', 1, 0x90))).containsExactly(1L);
        assertThat(items(pickle().op('(', 'K', 1, '2', '0', 0x91))).containsExactly(1L);
        assertThat(items(pickle().op(')', '(', 'K', 9, '1'))).isEmpty();
        assertThat(items(pickle().op(')', '(', '0'))).isEmpty();
        Dict dict = (Dict) read(pickle().op('(', 'K', 1, 'K', 2, 'd', 'K', 3, 'K', 4, 's', '(', 'K', 5, 'K', 6, 'u'));
        assertThat(dict.items().toString()).isEqualTo("{1=2, 3=4, 5=6}");
    }

    /** Names of one hash code, which Java tells apart one by one. */
    @Test
    void keys_that_are_no_names_are_never_looked_for() throws Exception {
        PickleWriter pickle = pickle().op('}');
        for (String name : new String[] {"Aa", "BB", "Aa"}) {
            pickle.global("lab", name).op('K', 1, 's');
        }
        assertThat(((Dict) read(pickle)).items().values()).containsExactly(1L, 1L, 1L);
    }

    @Test
    void values_that_were_kept_are_found_again() throws Exception {
        assertThat(items(pickle().op('K', 7, 'q', 3, 'h', 3, 0x86))).containsExactly(7L, 7L);
        assertThat(items(pickle().op('K', 7, 'r')
                        .int32(70000)
                        .op('j')
                        .int32(70000)
                        .op(0x86)))
                .containsExactly(7L, 7L);
        assertThat(items(pickle().op('K', 7, 0x94, 'h', 0, 0x86))).containsExactly(7L, 7L);
        assertThat(items(pickle().op('K', 7).raw("p5\ng5\n".getBytes(UTF_8)).op(0x86)))
                .containsExactly(7L, 7L);
    }

    /** Python 2 gives an ordered dictionary the pairs at once. */
    @Test
    void an_ordered_dictionary_may_be_made_of_pairs() throws Exception {
        PickleWriter pickle = pickle().global("collections", "OrderedDict").op('(', ']', '(');
        pickle.op(']', '(', 'K', 1, 'K', 2, 'e').op('e', 't', 'R');
        assertThat(((Dict) read(pickle)).items().toString()).isEqualTo("{1=2}");
    }

    @Test
    void objects_are_placeholders_whose_state_is_dropped() throws Exception {
        PickleWriter made = pickle().global("argparse", "Namespace").op(')', 0x81, '}', 'b');
        assertThat(((Opaque) read(made)).kind()).isEqualTo("argparse.Namespace");
        PickleWriter reconstructed =
                pickle().global("copy_reg", "_reconstructor").op('(');
        reconstructed
                .global("easydict", "EasyDict")
                .global("__builtin__", "dict")
                .op('}', 't', 'R');
        assertThat(((Opaque) read(reconstructed.op('(', 'K', 1, 'K', 2, 'u'))).kind())
                .isEqualTo("easydict.EasyDict");
    }

    @Test
    void what_can_not_be_called_is_refused() {
        for (int[] value : new int[][] {{'K', 1}, {0x88}, {']'}, {'}'}}) {
            assertRefused(pickle().op(value).op(')', 'R'), "it calls something that is not the name of a function");
            assertRefused(pickle().op('(').op(value).op('o'), "it calls something that is not the name of a function");
            assertRefused(pickle().op(value).op(')', 0x81), "an object's class is not a name");
        }
        assertRefused(pickle().global("a", "B").op('K', 1, 'R'), "it calls something that is not the name");
        assertRefused(pickle().op('(', 'o'), "an object has no class");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x97, 0x98, 0xff})
    void an_instruction_that_pytorch_does_not_write_is_refused(int instruction) {
        assertRefused(
                pickle().op(instruction),
                "at byte 2 of test: 0x%02x is no instruction that PyTorch writes".formatted(instruction));
    }

    @ParameterizedTest
    @ValueSource(ints = {'.', '0', '2', 'a', 's', 'R', 0x85, 0x86, 0x87, 0x81, 0x92, 0x93, 'b', 'Q'})
    void an_instruction_without_its_values_is_refused(int instruction) {
        assertRefused(pickle().op(instruction), "a value is used that was never made");
        assertRefused(pickle().op('N', '(', instruction == '0' ? 'a' : instruction), "a value is used that was");
    }

    @ParameterizedTest
    @ValueSource(ints = {'1', 't', 'l', 'd', 'e', 'u', 0x90, 0x91, 'o'})
    void the_end_of_a_group_that_was_not_begun_is_refused(int instruction) {
        assertRefused(pickle().op('N', instruction), "a group ends that was never begun");
    }

    @Test
    void a_value_that_was_never_kept_is_refused() {
        assertRefused(pickle().op('h', 9), "value number 9 is used but was never kept");
    }

    @ParameterizedTest
    @ValueSource(ints = {'X', 'B', 'T'})
    void a_length_beyond_the_end_is_refused_before_anything_is_allocated(int instruction) {
        assertRefused(pickle().op(instruction).int32(Integer.MAX_VALUE), "2147483647 bytes should follow, ");
    }

    @Test
    void lengths_below_zero_and_of_64_bits_are_refused() {
        assertRefused(pickle().op('T').int32(-1), "a length below zero should follow");
        assertRefused(pickle().op(0x8b).int32(-1), "a length below zero should follow");
        assertRefused(pickle().op(0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80), "a length below zero should follow");
        assertRefused(pickle().op(0x8e, 0, 0, 0, 0, 0, 0, 0, 0x40), "4611686018427387904 bytes should follow");
        assertRefused(pickle().op(0x8b).int32(257).raw(new byte[257]), "a whole number of 257 bytes");
    }

    @Test
    void protocols_to_come_and_classes_without_a_proper_name_are_refused() {
        assertRefused(pickle().op(0x80, 6), "it is written in pickle protocol 6");
        assertRefused(pickle().op('N', 'N', 0x93), "the name of a class is none");
        assertRefused(pickle().global("a".repeat(257), "b"), "the name of a class is none");
    }

    @Test
    void a_pickle_of_very_many_steps_is_refused() {
        assertRefused(pickle().raw("N".repeat(2_000_001).getBytes(UTF_8)), "it has more than 2000000 steps");
    }

    @Test
    void a_list_named_again_and_again_is_not_copied_each_time() {
        PickleWriter pickle = pickle().op(']', '(');
        for (int i = 0; i < 2000; i++) {
            pickle.op('K', 1, 'K', 2, 0x86);
        }
        pickle.op('e', 0x85, 'q', 0, '0').global("collections", "OrderedDict").op('q', 1, '0');
        for (int i = 0; i < 1000; i++) {
            pickle.op('h', 1, 'h', 0, 'R');
        }
        assertRefused(pickle, "a dictionary is made of");
    }

    @Test
    void values_that_contain_themselves_end_the_search_for_tensors() {
        byte[] list = pickle().op(']', 'q', 0, 'h', 0, 'a').stop();
        assertRefused(TorchFiles.archive(list, Map.of()), "it holds no tensors by name");
        byte[] dict = pickle().op('}', 'q', 0, 'h', 0, 'h', 0, 's').stop();
        assertRefused(TorchFiles.archive(dict, Map.of()), "it holds no tensors by name");
    }

    @Test
    void lists_nested_deeply_or_into_very_many_paths_are_refused() {
        PickleWriter deep = pickle().raw("]".repeat(100_000).getBytes(UTF_8));
        deep.raw("a".repeat(99_999).getBytes(UTF_8));
        assertRefused(TorchFiles.archive(deep.stop(), Map.of()), "nested deeper than 32 levels");
        PickleWriter wide = pickle().op(']');
        for (int level = 0; level < 30; level++) {
            wide.op('q', 0, '0', '(', 'h', 0, 'h', 0, 'h', 0, 'l');
        }
        assertRefused(TorchFiles.archive(wide.stop(), Map.of()), "too long");
    }

    @Test
    void a_whole_model_instead_of_its_weights_is_named() {
        byte[] model = pickle().global("models.resnet", "ResNet")
                .op(')', 0x81, '}', 'b')
                .stop();
        assertRefused(
                TorchFiles.archive(model, Map.of()),
                "it holds no tensors by name, but an object of the class models.resnet.ResNet; save the model's"
                        + " state_dict()");
        byte[] entry = pickle().op('}')
                .text("net")
                .global("models", "Net")
                .op(')', 0x81, 's')
                .stop();
        assertRefused(TorchFiles.archive(entry, Map.of()), "the entries [net (models.Net)]");
    }

    @Property(tries = 3000)
    void any_instructions_give_a_value_or_a_refusal(@ForAll @Size(max = 60) byte[] bytes, @ForAll long seed) {
        String likely =
                "NK)]}(tleaudsbRQPoicqhjgX201.\u0082\u0083\u0081\u0085\u0086\u0087\u0093\u0094\u008f\u0090\u0091\u0088";
        Random random = new Random(seed);
        for (int i = 0; i < bytes.length; i++) {
            if (random.nextInt(4) > 0) {
                bytes[i] = (byte) likely.charAt(random.nextInt(likely.length()));
            }
        }
        try {
            assertThat(Pickle.read(new PickleInput(ByteBuffer.wrap(bytes), "test", REFUSAL)))
                    .isNotNull();
        } catch (InvalidModelException e) {
            assertThat(e).hasMessageStartingWith("Cannot read the model x: at byte ");
        }
    }

    private static Object read(PickleWriter pickle) throws InvalidModelException {
        return read(pickle.stop());
    }

    private static Object read(byte[] pickle) throws InvalidModelException {
        return Pickle.read(new PickleInput(ByteBuffer.wrap(pickle), "test", REFUSAL))
                .value();
    }

    private static Iterable<Object> items(PickleWriter pickle) throws InvalidModelException {
        return ((Sequence) read(pickle)).items();
    }

    private static void assertRefused(PickleWriter pickle, String message) {
        byte[] bytes = pickle.stop();
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("Cannot read the model x: at byte ")
                .hasMessageContaining(message);
    }

    private static void assertRefused(byte[] file, String message) {
        assertThatThrownBy(() -> ForeignWeights.read(file, "x"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("Cannot read the model x: ")
                .hasMessageContaining(message);
    }
}
