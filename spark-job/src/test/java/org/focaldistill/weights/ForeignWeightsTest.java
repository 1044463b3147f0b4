package org.focaldistill.weights;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole files: those PyTorch wrote and what was made of them. */
class ForeignWeightsTest {

    @AfterEach
    void nothing_was_executed() {
        assertThat(Files.exists(Path.of("pickle-was-executed"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "resnet8_plain.pth, '', ''",
        "resnet8_plain_legacy.pth, '', ''",
        "resnet8_epoch_wrapper.pth, model, ''",
        "resnet8_with_namespace.pth, model, ''",
        "resnet8_module_student_prefix.pth, model, module.student.",
        "resnet8_noncontiguous.pth, '', ''",
        "resnet8_storage_offset.pth, '', ''",
    })
    void every_form_gives_the_same_bits(String file, String where, String prefix) throws Exception {
        ForeignWeights.Match match = Samples.match(file);

        assertThat(match.where()).isEqualTo(where);
        assertThat(match.prefix()).isEqualTo(prefix);
        assertThat(match.types())
                .containsExactly(Map.entry("float32", Samples.resnet8().size()));
        assertThat(match.ignored()).contains("9 counters num_batches_tracked");
        assertThat(match.tensors().keySet())
                .containsExactlyElementsOf(Samples.resnet8().keySet());
        assertThat(Safetensors.hash(match.tensors()))
                .isEqualTo(Safetensors.hash(Samples.match("resnet8_plain.pth").tensors()));
    }

    @ParameterizedTest
    @CsvSource({"resnet8_half.pth, float16, 11", "resnet8_bfloat16.pth, bfloat16, 8"})
    void narrow_types_give_the_weights_to_their_own_precision(String file, String type, int bits) throws Exception {
        ForeignWeights.Match match = Samples.match(file);
        Map<String, Tensor> exact = Samples.match("resnet8_plain.pth").tensors();

        assertThat(match.types()).containsExactly(Map.entry(type, exact.size()));
        exact.forEach((name, tensor) -> {
            for (int i = 0; i < tensor.values().length; i++) {
                float value = tensor.values()[i];
                // Half has denormals below 2^-14, in steps of 2^-24.
                double tolerance = Math.max(Math.scalb(Math.abs(value), -bits), Math.scalb(1.0, -25));
                assertThat((double) match.tensors().get(name).values()[i])
                        .as(name)
                        .isBetween(value - tolerance, value + tolerance);
            }
        });
    }

    @Test
    void what_else_is_in_a_file_is_named() throws Exception {
        assertThat(Samples.match("resnet8_epoch_wrapper.pth").ignored())
                .containsExactly("9 counters num_batches_tracked", "epoch", "optimizer", "accuracy");
        assertThat(Samples.match("resnet8_with_namespace.pth").ignored())
                .containsExactly("9 counters num_batches_tracked", "opt (argparse.Namespace)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "resnet8_scheduler.pth | scheduler",
                "resnet8_scheduler_legacy.pth | scheduler",
                "resnet8_paths_and_dates.pth | data (pathlib.PosixPath), when (datetime.datetime), last_losses"
                        + " (collections.deque)",
                "resnet8_float_counters.pth | ''",
            })
    void what_stands_beside_the_tensors_does_not_matter(String file, String others) throws Exception {
        ForeignWeights.Match match = Samples.match(file);
        assertThat(String.join(", ", match.ignored()))
                .isEqualTo("9 counters num_batches_tracked" + (others.isEmpty() ? "" : ", " + others));
        assertThat(Safetensors.hash(match.tensors()))
                .isEqualTo(Safetensors.hash(Samples.match("resnet8_half.pth").tensors()));
    }

    @Test
    void all_tensors_of_a_file_are_listed_by_dotted_path() throws Exception {
        byte[] file = Samples.bytes("resnet8_module_student_prefix.pth");
        assertThat(ForeignWeights.read(file, "x").types())
                .hasSize(56)
                .containsEntry("model.module.student.conv1.weight", "float32")
                .containsEntry("model.module.student.bn1.num_batches_tracked", "int64");
    }

    @Test
    void safetensors_of_others_are_read_whatever_their_float_type() throws Exception {
        String header = "{'h':{'dtype':'F16','shape':[2],'data_offsets':[0,4]},"
                + "'b':{'dtype':'BF16','shape':[],'data_offsets':[4,6]},"
                + "'d':{'dtype':'F64','shape':[1,1],'data_offsets':[6,14]},"
                + "'bn.num_batches_tracked':{'dtype':'I64','shape':[],'data_offsets':[14,22]}}";
        byte[] data = new byte[22];
        // 1.5 and the least half, -2 as bfloat16, 0.1 as double.
        byte[] values = {0, 0x3e, 1, 0, 0, (byte) 0xc0, (byte) 0x9a, -103, -103, -103, -103, -103, (byte) 0xb9, 0x3f};
        System.arraycopy(values, 0, data, 0, values.length);

        ForeignWeights.Match match = ForeignWeights.read(safetensors(header, data), "x")
                .matching(shapes("d", new long[] {1, 1}, "h", new long[] {2}, "b", new long[0]), null);

        assertThat(match.tensors().keySet()).containsExactly("d", "h", "b");
        assertThat(match.tensors().get("h").values()).containsExactly(1.5f, Math.scalb(1f, -24));
        assertThat(match.tensors().get("b").values()).containsExactly(-2f);
        assertThat(match.tensors().get("d").values()).containsExactly(0.1f);
        assertThat(match.types()).isEqualTo(Map.of("float64", 1, "float16", 1, "bfloat16", 1));
        assertThat(match.ignored()).containsExactly("1 counter num_batches_tracked");
    }

    @Test
    void safetensors_give_the_same_bits_as_a_checkpoint() throws Exception {
        Map<String, Tensor> tensors = Samples.match("resnet8_plain.pth").tensors();
        byte[] file = new Safetensors(tensors, Map.of("by", "hand")).toBytes();
        assertThat(Safetensors.hash(ForeignWeights.read(file, "x")
                        .matching(Samples.resnet8(), "")
                        .tensors()))
                .isEqualTo(Safetensors.hash(tensors));
    }

    /** A length of 0x0280 begins as a pickle of protocol 2 does. */
    @Test
    void a_header_whose_length_looks_like_a_pickle_is_read() throws Exception {
        String entry = "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}";
        byte[] file = safetensors(entry + " ".repeat(0x280 - entry.length() - 1) + "}", new byte[4]);
        assertThat(file).startsWith(0x80, 0x02);
        assertThat(ForeignWeights.read(file, "x").types()).containsOnlyKeys("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bad_code.pth | the entries [model (posix.system)]: it calls posix.system when it is loaded in Python",
                "bad_code_legacy.pth | what is made by posix.system: it calls posix.system when it is loaded in Python",
                "bad_truncated.pth | its 177815 bytes do not end with a sound zip directory: it is cut short or damaged; fetch",
                "bad_nan.pth | element 3 of tensor fc.bias is NaN: its training went wrong or the file is damaged; take another",
                "bad_negative_variance.pth | element 0 of tensor bn1.running_var is -0.5, which no variance can be: its",
                "bad_names_and_shapes.pth | missing (1): layer2.0.conv1.weight",
                "bad_names_and_shapes.pth | not expected (1): extra.weight",
                "bad_names_and_shapes.pth | of another shape (1): fc.bias should be [100], found [10]",
                "bad_names_and_shapes.pth | have 46 of 47 names",
                "bad_names_and_shapes.pth | Names must be the same, nothing is translated",
            })
    void bad_files_are_refused_saying_what_is_wrong_where(String file, String message) {
        assertThatThrownBy(() -> Samples.match(file))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("Cannot read the model " + file + ": ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | it is empty",
                "'<!DOCTYPE html><html>' | it is a web page",
                "'  <html lang=\"en\">' | it is a web page",
                "'version https://git-lfs.github.com/spec/v1' | it is a pointer of git-lfs",
                "'hello' | it is neither a PyTorch checkpoint (.pth, .pt) nor safetensors",
            })
    void files_of_other_kinds_are_named(String content, String message) {
        assertRefused(content.getBytes(UTF_8), message);
    }

    @Test
    void archives_and_pickles_of_other_kinds_are_named() {
        byte[] tar = new byte[512];
        System.arraycopy("ustar".getBytes(UTF_8), 0, tar, 257, 5);
        assertRefused(tar, "it is a tar archive");
        assertRefused("\u001f\u008b\b\0".getBytes(ISO_8859_1), "it is compressed by gzip");
        assertRefused("\u0089HDF\r\n\u001a\n".getBytes(ISO_8859_1), "it is an HDF5 file");
        assertRefused(TorchFiles.pickle().op('}').stop(), "it is a pickle of Python's own, as pickle.dump writes it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet8_plain.pth", "resnet8_plain_legacy.pth", "safetensors"})
    void a_file_cut_short_anywhere_is_refused(String sample) throws Exception {
        byte[] file = sample(sample);
        for (int length = 0; length < file.length; length += length < 300 || length > file.length - 300 ? 1 : 1009) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> ForeignWeights.read(cut, "x").matching(Samples.resnet8(), null))
                    .isInstanceOf(InvalidModelException.class);
        }
    }

    /** Half of the changes fall where names and sizes are and not the elements. */
    @ParameterizedTest
    @ValueSource(
            strings = {"resnet8_plain.pth", "resnet8_plain_legacy.pth", "resnet8_with_namespace.pth", "safetensors"})
    void damage_gives_a_refusal_or_other_weights_but_no_other_error(String sample) throws Exception {
        byte[] whole = sample(sample);
        Random random = new Random(7);
        int refused = 0;
        for (int round = 0; round < 1000; round++) {
            byte[] file = whole.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                int near = random.nextBoolean() ? 7000 : file.length;
                int at = random.nextInt(near);
                // A zip file's directory is at its end.
                file[random.nextInt(4) == 0 ? file.length - 1 - at : at] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                ForeignWeights.read(file, "x").matching(Samples.resnet8(), null);
            } catch (InvalidModelException e) {
                assertThat(e).hasMessageStartingWith("Cannot read the model x: ");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(50);
    }

    /** Damage that the checksum would find. */
    @Test
    void a_damaged_pickle_with_a_good_checksum_gives_no_other_error() throws Exception {
        byte[] whole = Samples.bytes("resnet8_plain_legacy.pth");
        byte[] pickle = Arrays.copyOfRange(whole, 137, 137 + 5970);
        Random random = new Random(11);
        for (int round = 0; round < 20_000; round++) {
            byte[] file = pickle.clone();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt(256);
            }
            try {
                ForeignWeights.read(TorchFiles.archive(file, Map.of()), "x").matching(Samples.resnet8(), null);
            } catch (InvalidModelException e) {
                assertThat(e).hasMessageStartingWith("Cannot read the model x: ");
            }
        }
    }

    private static byte[] sample(String name) throws InvalidModelException {
        return name.equals("safetensors")
                ? new Safetensors(Samples.match("resnet8_plain.pth").tensors(), Map.of()).toBytes()
                : Samples.bytes(name);
    }

    private static Map<String, long[]> shapes(String a, long[] ofA, String b, long[] ofB, String c, long[] ofC) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        List.of(a, b, c).forEach(name -> shapes.put(name, name.equals(a) ? ofA : name.equals(b) ? ofB : ofC));
        return shapes;
    }

    private static byte[] safetensors(String header, byte[] data) {
        byte[] json = header.replace('\'', '"').getBytes(UTF_8);
        byte[] length = new byte[8];
        length[0] = (byte) json.length;
        length[1] = (byte) (json.length >> 8);
        return TorchFiles.concatenated(length, json, data);
    }

    private static void assertRefused(byte[] file, String message) {
        assertThatThrownBy(() -> ForeignWeights.read(file, "hdfs:/teacher"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("Cannot read the model hdfs:/teacher: ")
                .hasMessageContaining(message);
    }
}
