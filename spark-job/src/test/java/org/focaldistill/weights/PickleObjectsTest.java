package org.focaldistill.weights;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.focaldistill.weights.TorchFiles.floats;
import static org.focaldistill.weights.TorchFiles.pickle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.focaldistill.weights.PickleValue.Dict;
import org.focaldistill.weights.PickleValue.Opaque;
import org.focaldistill.weights.TorchFiles.PickleWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls and objects in pickles: beside the tensors they do not matter, in their place they are refused by name. */
class PickleObjectsTest {
    private static final Map<String, byte[]> SIX = Map.of("0", floats(1, 2, 3, 4, 5, 6));

    @ParameterizedTest
    @CsvSource({"posix, system", "builtins, eval", "torch, load", "collections, Counter", "pathlib, PosixPath"})
    void what_a_call_would_give_is_a_placeholder_in_every_notation(String module, String name) throws Exception {
        String function = module + "." + name;
        byte[] names = (module + "\n" + name + "\n").getBytes(UTF_8);
        for (PickleWriter call : List.of(
                pickle().global(module, name).text("1").op(0x85, 'R'),
                pickle().text(module).text(name).op(0x93).text("1").op(0x85, 'R'),
                pickle().op('(').text("1").op('i').raw(names),
                pickle().op('(').global(module, name).text("1").op('o'),
                // Its result is called, in three ways.
                pickle().global(module, name).op(')', 'R', ')', 'R'),
                pickle().global(module, name).op(')', 'R', ')', 0x81),
                pickle().op('(').global(module, name).op(')', 'R', 'o'),
                // With what another call gives in place of arguments.
                pickle().global(module, name).global("a", "b").op(')', 'R', 'R'),
                // And is given items, entries, attributes and members.
                pickle().global(module, name).op(')', 'R', 'K', 1, 'a', '(', 'K', 1, 'e'),
                pickle().global(module, name).op(')', 'R', 'K', 1, 'K', 2, 's', '(', 'K', 1, 'K', 2, 'u'),
                pickle().global(module, name).op(')', 'R', '}', 'b', '(', 'K', 1, 0x90))) {
            Opaque object = (Opaque) read(call);
            assertThat(object.kind()).isEqualTo(function);
            assertThat(object.isOfCall()).isTrue();
        }
    }

    @Test
    void objects_without_a_call_are_placeholders_too() throws Exception {
        for (PickleWriter object : List.of(
                pickle().global("a", "B").op(')', 0x81),
                pickle().global("a", "B").op(')', '}', 0x92, '}', 'b'),
                pickle().global("copyreg", "__newobj__")
                        .op('(')
                        .global("a", "B")
                        .op('t', 'R'))) {
            assertThat(((Opaque) read(object)).kind()).isEqualTo("a.B");
            assertThat(((Opaque) read(object.op())).isOfCall()).isFalse();
        }
        assertThat(((Opaque) read(pickle().op(0x82, 9, ')', 0x81))).kind()).isEqualTo("copyreg.extension 9");
        assertThat(((Opaque) read(pickle().op(0x83, 1, 1, ')', 'R'))).kind()).isEqualTo("copyreg.extension 257");
        assertThat(((Opaque) read(pickle().op(0x84).int32(70000).op(')', 'R'))).isOfCall())
                .isTrue();
        assertThat(((Opaque) read(pickle().text("key of a database").op('Q'))).kind())
                .isEqualTo("reference to something outside the pickle");
        assertThat(read(pickle().op('(').raw("icollections\nOrderedDict\n".getBytes(UTF_8))))
                .isInstanceOf(Dict.class);
    }

    /**
     * Each of Python's own protocols, from {@code {'before': things, 'model': OrderedDict(a=tensor), 'after': things}}. The
     * things are some fifty: counters, paths, dates, enums, states of generators, partial functions, patterns, exceptions,
     * named tuples, classes with slots, of other classes and with numbers in the extension registry, lists in themselves.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void whatever_python_pickles_beside_a_tensor_is_skipped(int protocol) throws Exception {
        byte[] pickle = resource("beside_tensors_protocol_" + protocol + ".pkl");
        for (byte[] file :
                List.of(TorchFiles.archive(pickle, SIX), TorchFiles.legacy(pickle, "0", 6, floats(1, 2, 3, 4, 5, 6)))) {
            ForeignWeights.Match match = ForeignWeights.read(file, "x").matching(Map.of("a", new long[] {6}), null);
            assertThat(match.where()).isEqualTo("model");
            assertThat(Objects.requireNonNull(match.tensors().get("a")).values())
                    .containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(match.ignored()).containsExactly("before", "after");
        }
    }

    /** PyTorch itself can not load what it writes so: storages have lost their descriptions. */
    @Test
    void the_storages_of_protocol_0_are_named_as_what_they_are() throws Exception {
        assertRefused(
                resource("beside_tensors_protocol_0.pkl"),
                "the entries [before, model, after]; PyTorch itself can not read tensors of pickle protocol 0: save the");
    }

    @Test
    void code_beside_the_tensors_is_skipped_and_in_the_place_of_one_is_refused_by_name() throws Exception {
        PickleWriter beside = pickle().op('}').text("evil");
        call(beside, "posix", "system").op('s').text("a");
        beside.tensor("FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1}).op('s');
        ForeignWeights.Match match = ForeignWeights.read(TorchFiles.archive(beside.stop(), SIX), "x")
                .matching(Map.of("a", new long[] {6}), null);
        assertThat(match.ignored()).containsExactly("evil (posix.system)");

        String message =
                "it calls posix.system when it is loaded in Python, which no tensor needs and which can run any"
                        + " program; it was not called. Use a file from a source you trust";
        PickleWriter inPlace = pickle().op('}').text("b");
        inPlace.tensor("FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1})
                .op('s');
        call(inPlace.text("a"), "posix", "system").op('s');
        byte[] file = TorchFiles.archive(inPlace.stop(), SIX);
        for (Map<String, long[]> expected :
                List.of(Map.of("a", new long[] {6}), Map.of("a", new long[] {6}, "b", new long[] {6}))) {
            assertThatThrownBy(() -> ForeignWeights.read(file, "x").matching(expected, null))
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageContaining("no tensors (1): a (posix.system): " + message);
        }
        assertRefused(call(pickle(), "posix", "system").stop(), "what is made by posix.system: " + message);
        assertRefused(entry(call(pickle().op('}').text("a"), "posix", "system")), message);
        PickleWriter storage = pickle().op('}').text("a").global("torch._utils", "_rebuild_tensor_v2");
        call(storage.op('('), "posix", "system").op('K', 0, ')', ')', 't', 'R');
        assertRefused(entry(storage), "a (posix.system)", message);
    }

    private static PickleWriter call(PickleWriter pickle, String module, String name) {
        return pickle.global(module, name).text("touch x").op(0x85, 'R');
    }

    private static byte[] entry(PickleWriter pickle) {
        return pickle.op('s').stop();
    }

    @Test
    void other_things_in_the_place_of_tensors_are_named_with_what_to_do() {
        PickleWriter numpy = pickle().op('}').text("a").global("numpy._core.multiarray", "_reconstruct");
        numpy.op('(').global("numpy", "ndarray").op('K', 0, 0x85).text("b").op('t', 'R', ')', 'b');
        assertRefused(entry(numpy), "[a (numpy.ndarray)]; arrays of NumPy are not read", "torch.from_numpy(array)");
        PickleWriter sparse = pickle().op('}').text("a").global("torch._utils", "_rebuild_sparse_tensor");
        assertRefused(
                entry(sparse.op(')', 'R')), "a (torch._utils._rebuild_sparse_tensor)", "of dense tensors of float32");
        PickleWriter unknown = pickle().op('}').text("a");
        unknown.tensor("Float9Storage", "0", 6, 0, new long[] {6}, new long[] {1});
        assertRefused(entry(unknown), "[a (torch.Float9Storage)]; save the model's state_dict(), of dense tensors");
        PickleWriter complex = pickle().op('}').text("a");
        complex.tensor("ComplexFloatStorage", "0", 3, 0, new long[] {6}, new long[] {0});
        assertRefused(entry(complex), "tensor a has the type complex64, where floating point numbers belong");
        PickleWriter list = pickle().op('}').text("a").op('K', 1, 0x85, 's').text("b");
        list.tensor("FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1});
        assertRefused(entry(list), "no tensors (1): a (list); save the model's state_dict()");
    }

    /** What torch.save makes of a tensor with attributes. */
    @Test
    void a_tensor_of_a_class_of_its_own_is_a_tensor() throws Exception {
        PickleWriter pickle = pickle().op('}').text("a").global("torch._tensor", "_rebuild_from_type_v2");
        pickle.op('(').global("torch._utils", "_rebuild_tensor_v2").global("lab", "Tagged");
        pickle.op('(')
                .storage("FloatStorage", "0", 6)
                .op('K', 1)
                .numbers(2)
                .numbers(1)
                .op(0x89, '}', 't');
        pickle.op('}', 't', 'R');
        assertThat(Objects.requireNonNull(ForeignWeights.read(TorchFiles.archive(entry(pickle), SIX), "x")
                                .matching(Map.of("a", new long[] {2}), null)
                                .tensors()
                                .get("a"))
                        .values())
                .containsExactly(2, 3);
    }

    @Test
    void a_network_in_an_object_beside_other_tensors_is_named() {
        PickleWriter pickle =
                pickle().op('}').text("model").global("models", "Net").op(')', 0x81, 's');
        pickle.text("moments").tensor("FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1});
        assertRefused(
                entry(pickle),
                "The file's names begin so: moments. Not looked into are objects: model (models.Net); if the network is"
                        + " in one, save its state_dict()");
    }

    @Test
    void what_pickle_dump_wrote_is_named_in_every_protocol() throws Exception {
        String own = "it is a pickle of Python's own, as pickle.dump writes it, and not from torch.save; it holds no"
                + " tensors by name, but the entries [a (torch.Tensor)]; save the model's state_dict()";
        PickleWriter tensor = pickle().op('}', 'q', 0).text("a").global("torch._utils", "_rebuild_tensor_v2");
        tensor.op('(').global("torch.storage", "_load_from_bytes").op('C', 1, 7, 0x85, 'R');
        byte[] newer =
                tensor.op('K', 0, 'K', 6, 0x85, 'K', 1, 0x85, 't', 'R', 's').stop();
        byte[] older = java.util.Arrays.copyOfRange(newer, 2, newer.length);
        byte[] oldest =
                "(dp0\nVa\nctorch._utils\n_rebuild_tensor_v2\n(ctorch.storage\n_load_from_bytes\n(tRI0\n(t(ttRs."
                        .getBytes(UTF_8);
        for (byte[] file : List.of(newer, older, oldest)) {
            assertThatThrownBy(() -> ForeignWeights.read(file, "x")).hasMessageContaining(own);
        }
    }

    private static Object read(PickleWriter pickle) throws InvalidModelException {
        return Pickle.read(new PickleInput(ByteBuffer.wrap(pickle.stop()), "test", new Refusal("x")))
                .value();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = PickleObjectsTest.class.getResourceAsStream("/pickles/" + name)) {
            return Objects.requireNonNull(stream, name).readAllBytes();
        }
    }

    /** A pickle in which a network's only tensor "a" is looked for. */
    private static void assertRefused(byte[] pickle, String... message) {
        byte[] file = TorchFiles.archive(pickle, SIX);
        assertThatThrownBy(() -> ForeignWeights.read(file, "x").matching(Map.of("a", new long[] {6}), null))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("Cannot read the model x: ")
                .hasMessageContainingAll(message);
    }
}
