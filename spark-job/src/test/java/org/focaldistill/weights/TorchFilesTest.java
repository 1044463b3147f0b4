package org.focaldistill.weights;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.focaldistill.weights.TorchFiles.floats;
import static org.focaldistill.weights.TorchFiles.oneTensor;
import static org.focaldistill.weights.TorchFiles.pickle;

import java.util.LinkedHashMap;
import java.util.Map;
import org.focaldistill.weights.TorchFiles.PickleWriter;
import org.focaldistill.weights.TorchFiles.Zip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checkpoints made by hand: what PyTorch may write but the samples lack, and what only an attacker writes. */
class TorchFilesTest {
    private static final Map<String, byte[]> SIX = Map.of("0", floats(1, 2, 3, 4, 5, 6));

    @Test
    void strides_and_offset_pick_the_elements() throws Exception {
        assertThat(values(oneTensor(6, 0, new long[] {2, 3}, 3, 1), 2, 3)).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(values(oneTensor(6, 0, new long[] {3, 2}, 1, 3), 3, 2)).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(values(oneTensor(6, 4, new long[] {2}, 1), 2)).containsExactly(5, 6);
        assertThat(values(oneTensor(6, 1, new long[] {2, 2}, 0, 4), 2, 2)).containsExactly(2, 6, 2, 6);
        assertThat(values(oneTensor(6, 5, new long[0]))).containsExactly(6);
        assertThat(values(oneTensor(6, 9, new long[] {0, 7}, 7, 1), 0, 7)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 7 | 1 | tensor a of shape [7] with strides [1] from element 0 on reaches beyond its storage 0 of 6",
                "1 | 6 | 1 | reaches beyond its storage",
                "6 | 1 | 1 | reaches beyond its storage",
                "0 | 2 | 6 | reaches beyond its storage",
                "5 | 2 | -1 | tensor a has the stride -1",
                "-1 | 2 | 1 | tensor a has the offset -1",
                "0 | -2 | 1 | tensor a has the size -2",
                "0 | 2147483648 | 0 | tensor a has the size 2147483648",
                "0 | 2147483647 | 2147483647 | reaches beyond its storage",
                "9223372036854775807 | 1 | 1 | a tensor is not made of a storage, an offset, sizes and strides",
            })
    void a_tensor_outside_its_storage_is_refused(long offset, long size, long stride, String message) {
        assertRefused(TorchFiles.archive(oneTensor(6, offset, new long[] {size}, stride), SIX), message, 1);
    }

    @Test
    void a_tensor_repeated_into_a_huge_one_is_refused() {
        byte[] file = TorchFiles.archive(oneTensor(1, 0, new long[] {1 << 20, 1 << 10}, 0, 0), SIX);
        assertRefused(file, "makes the model larger than the 268435456 elements", 1 << 20, 1 << 10);
    }

    @Test
    void sizes_without_strides_and_too_many_of_them_are_refused() {
        assertRefused(TorchFiles.archive(oneTensor(6, 0, new long[] {2}), SIX), "has 1 sizes, but 0 strides", 2);
        byte[] many = oneTensor(6, 0, new long[17], new long[17]);
        assertRefused(TorchFiles.archive(many, SIX), "a tensor is not made of a storage", 0);
    }

    @Test
    void a_storage_of_another_size_and_one_that_is_missing_are_refused() {
        byte[] pickle = oneTensor(5, 0, new long[] {5}, 1);
        assertRefused(
                TorchFiles.archive(pickle, SIX),
                "its zip entry x/data/0 has 24 bytes; a storage of 5 elements of float32 needs 20",
                5);
        assertRefused(TorchFiles.archive(pickle, Map.of()), "its zip entry x/data/0 is missing", 5);
    }

    @Test
    void parameters_wide_types_and_the_newest_kind_of_storage_are_read() throws Exception {
        PickleWriter pickle = pickle().op('}')
                .text("a")
                .global("torch._utils", "_rebuild_parameter")
                .op('(');
        pickle.tensor("DoubleStorage", "d", 1, 0, new long[] {1}, new long[] {1})
                .op(0x88, '}', 't', 'R', 's');
        pickle.text("b").global("torch._utils", "_rebuild_tensor_v3").op('(').storage("UntypedStorage", "u", 4);
        pickle.number(1)
                .numbers(1)
                .numbers(1)
                .op(0x89, '}')
                .global("torch", "bfloat16")
                .op('t', 'R', 's');
        byte[] half = {0, 0, 0x40, 0x40};
        byte[] third = {0x55, 0x55, 0x55, 0x55, 0x55, 0x55, (byte) 0xd5, 0x3f};
        Map<String, long[]> expected = new LinkedHashMap<>();
        expected.put("b", new long[] {1});
        expected.put("a", new long[] {1});

        ForeignWeights.Match match = ForeignWeights.read(
                        TorchFiles.archive(pickle.stop(), Map.of("d", third, "u", half)), "x")
                .matching(expected, null);

        assertThat(match.tensors().get("a").values()).containsExactly(1f / 3);
        assertThat(match.tensors().get("b").values()).containsExactly(3f);
        assertThat(match.types()).isEqualTo(Map.of("bfloat16", 1, "float64", 1));
    }

    @Test
    void a_tensor_whose_type_is_no_name_is_refused() {
        PickleWriter pickle = pickle().op('}').text("a").global("torch._utils", "_rebuild_tensor_v3");
        pickle.op('(').storage("UntypedStorage", "0", 24).number(0).numbers(6).numbers(1);
        byte[] file = pickle.op(0x89, '}').text("float32").op('t', 'R', 's').stop();
        assertRefused(TorchFiles.archive(file, SIX), "a tensor is not made of a storage", 0);
    }

    @Test
    void a_double_too_large_for_a_float_is_refused() {
        byte[] pickle = pickle().op('}')
                .text("a")
                .tensor("DoubleStorage", "0", 1, 0, new long[] {1}, new long[] {1})
                .op('s')
                .stop();
        byte[] huge = {0, 0, 0, 0, 0, 0, (byte) 0xf0, 0x7e};
        assertRefused(
                TorchFiles.archive(pickle, Map.of("0", huge)), "element 0 of tensor a is 2.7430620343968443E303", 1);
        assertRefused(TorchFiles.archive(pickle, Map.of("0", huge)), "too large for 32 bits", 1);
    }

    @Test
    void whole_numbers_where_weights_belong_are_refused() {
        byte[] pickle = pickle().op('}')
                .text("a")
                .tensor("LongStorage", "0", 3, 0, new long[] {3}, new long[] {1})
                .op('s')
                .stop();
        assertRefused(TorchFiles.archive(pickle, SIX), "tensor a has the type int64, where floating point", 3);
    }

    @Test
    void the_old_format_is_read_and_its_storages_are_checked() throws Exception {
        byte[] pickle = oneTensor(6, 0, new long[] {6}, 1);
        byte[] data = floats(1, 2, 3, 4, 5, 6);
        assertThat(ForeignWeights.read(TorchFiles.legacy(pickle, "0", 6, data), "x")
                        .types())
                .isEqualTo(Map.of("a", "float32"));
        assertRefused(TorchFiles.legacy(pickle, "0", 7, data), "storage 0 of 6 elements is said to have 7", 6);
        assertRefused(TorchFiles.legacy(pickle, "1", 6, data), "a storage follows that no tensor has", 6);
        assertRefused(TorchFiles.legacy(pickle, "0", 6, floats(1)), "24 bytes should follow, 4 are left", 6);
        assertRefused(
                TorchFiles.concatenated(TorchFiles.legacy(pickle, "0", 6, data), new byte[3]),
                "3 bytes more follow than its tensors need",
                6);
    }

    @Test
    void byte_orders_other_than_little_are_refused() {
        byte[] pickle = oneTensor(6, 0, new long[] {6}, 1);
        Zip zip = new Zip().stored("x/data.pkl", pickle).stored("x/byteorder", "big".getBytes(UTF_8));
        assertRefused(zip.bytes(), "its byte order is 'big'", 6);
        byte[] big = pickle().op('}').text("little_endian").op(0x89, 's').stop();
        assertRefused(
                TorchFiles.concatenated(TorchFiles.header(), big, pickle),
                "it does not say that it was written on a little-endian machine",
                6);
    }

    @Test
    void zip_files_that_are_no_checkpoints_are_named() {
        assertRefused(new Zip().stored("a.npy", new byte[1]).bytes(), "no entries <name>/data.pkl", 1);
        byte[] script = new Zip()
                .stored("x/data.pkl", new byte[1])
                .stored("x/constants.pkl", new byte[1])
                .bytes();
        assertRefused(script, "it is a TorchScript program", 1);
    }

    @Test
    void compressed_entries_are_read() throws Exception {
        byte[] file = new Zip()
                .deflated("x/data.pkl", oneTensor(6, 0, new long[] {6}, 1))
                .deflated("x/data/0", floats(1, 2, 3, 4, 5, 6))
                .bytes();
        assertThat(ForeignWeights.read(file, "x")
                        .matching(Map.of("a", new long[] {6}), null)
                        .tensors()
                        .get("a")
                        .values())
                .containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void a_zip_bomb_is_refused_unopened() {
        byte[] file = new Zip()
                .deflated("x/data.pkl", oneTensor(6, 0, new long[] {6}, 1))
                .deflated("x/data/0", new byte[24])
                .bytes();
        byte[] zeros = new Zip().deflated("x/data/0", new byte[2 << 20]).bytes();
        assertRefused(zeros, " bytes to 2097152, as no weights do; it has not been unpacked", 6);
        file[lastEntry(file) + 24] = 20;
        assertRefused(file, "its zip entry x/data/0 has 20 bytes; a storage of 6", 6);
        byte[] more = new Zip()
                .deflated("x/data.pkl", oneTensor(6, 0, new long[] {6}, 1))
                .deflated("x/data/0", new byte[1 << 20])
                .bytes();
        more[lastEntry(more) + 26] = 0;
        more[lastEntry(more) + 24] = 24;
        assertRefused(more, "its zip entry x/data/0 does not unpack to the 24 bytes it is said to have", 6);
    }

    private static int lastEntry(byte[] file) {
        int at = file.length - 4;
        while (file[at] != 'P' || file[at + 1] != 'K' || file[at + 2] != 1 || file[at + 3] != 2) {
            at--;
        }
        return at;
    }

    @Test
    void an_entry_named_twice_is_refused() {
        byte[] file = new Zip()
                .stored("x/data.pkl", oneTensor(6, 0, new long[] {6}, 1))
                .stored("x/data/0", new byte[24])
                .stored("x/data/1", new byte[24])
                .bytes();
        file[lastEntry(file) + 46 + "x/data/".length()] = '0';
        assertRefused(file, "its zip directory names x/data/0 twice", 6);
    }

    @Test
    void an_entry_that_calls_itself_otherwise_than_the_directory_is_refused() {
        byte[] file = new Zip()
                .stored("x/data.pkl", oneTensor(6, 0, new long[] {6}, 1))
                .stored("x/data/1", new byte[24])
                .bytes();
        file[lastEntry(file) + 46 + "x/data/".length()] = '0';
        assertRefused(file, "its zip entry x/data/0 is described otherwise", 6);
    }

    @Test
    void a_wrong_checksum_is_refused_and_an_absent_one_is_not() throws Exception {
        byte[] file = new Zip()
                .stored("x/data.pkl", oneTensor(6, 0, new long[] {6}, 1))
                .stored("x/data/0", floats(1, 2, 3, 4, 5, 6))
                .bytes();
        int checksum = lastEntry(file) + 16;
        file[checksum]++;
        assertRefused(file, "its zip entry x/data/0 does not have the checksum it should", 6);
        System.arraycopy(new byte[4], 0, file, checksum, 4);
        assertThat(ForeignWeights.read(file, "x")
                        .matching(Map.of("a", new long[] {6}), null)
                        .where())
                .isEmpty();
    }

    /** Up to 65,535 of them could be the file's comment: PyTorch, too, looks no further back for the directory. */
    @Test
    void bytes_behind_a_zip_file_are_read_past_or_named() throws Exception {
        byte[] file = Samples.bytes("resnet8_plain.pth");
        for (int more : new int[] {1, 300, 65_000}) {
            assertThat(ForeignWeights.read(TorchFiles.concatenated(file, new byte[more]), "x")
                            .types())
                    .hasSize(56);
        }
        assertRefused(
                TorchFiles.concatenated(file, new byte[70_000]),
                "its zip directory ends at byte " + file.length + ", and 70000 bytes more follow: something was added",
                6);
    }

    private static float[] values(byte[] pickle, long... shape) throws InvalidModelException {
        return ForeignWeights.read(TorchFiles.archive(pickle, SIX), "x")
                .matching(Map.of("a", shape), null)
                .tensors()
                .get("a")
                .values();
    }

    private static void assertRefused(byte[] file, String message, long... shape) {
        assertThatThrownBy(() -> ForeignWeights.read(file, "x").matching(Map.of("a", shape), null))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("Cannot read the model x: ")
                .hasMessageContaining(message);
    }
}
