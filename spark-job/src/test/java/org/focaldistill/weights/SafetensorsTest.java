package org.focaldistill.weights;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

    @Test
    void a_file_gives_back_every_bit() throws Exception {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("scalar", tensor(new long[0], 1.5f));
        tensors.put("fc.weight", tensor(new long[] {2, 3}, 0f, -0f, Float.MIN_VALUE, -1e-40f, Float.MAX_VALUE, 0.1f));
        tensors.put("nothing", tensor(new long[] {0, 5}));
        tensors.put("fc.bias \"ü\"", tensor(new long[] {1}, -3f));
        Map<String, String> metadata = Map.of("model", "resnet8", "notes", "ä \" \\ \n 雪");

        Safetensors read = Safetensors.parse(new Safetensors(tensors, metadata).toBytes(), "test");

        assertThat(read.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
        tensors.forEach((name, tensor) -> {
            assertThat(read.tensors().get(name).shape()).as(name).isEqualTo(tensor.shape());
            assertThat(bits(read.tensors().get(name))).as(name).isEqualTo(bits(tensor));
        });
        assertThat(read.metadata()).isEqualTo(metadata);
    }

    @Test
    void a_file_may_have_no_tensors_and_no_metadata() throws Exception {
        Safetensors read = Safetensors.parse(new Safetensors(Map.of(), Map.of()).toBytes(), "test");
        assertThat(read.tensors()).isEmpty();
        assertThat(read.metadata()).isEmpty();
        assertThat(Safetensors.parse(file("{}"), "test").tensors()).isEmpty();
    }

    @Test
    void a_file_made_by_hand_is_read_and_its_bytes_are_what_is_written() throws Exception {
        String header = "{\"__metadata__\":{\"by\":\"hand\"},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}";
        String padded = header + " ".repeat((8 - header.length() % 8) % 8);
        // 1.0 is 3f800000, -2.0 is c0000000, 0.5 is 3f000000, little-endian.
        byte[] file = file(padded, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f);

        Safetensors read = Safetensors.parse(file, "by hand");

        assertThat(read.metadata()).containsExactly(Map.entry("by", "hand"));
        assertThat(read.tensors().get("a").values()).containsExactly(1f, -2f);
        assertThat(read.tensors().get("b").values()).containsExactly(0.5f);
        assertThat(read.tensors().get("b").shape()).isEmpty();
        assertThat(read.toBytes()).isEqualTo(file);
    }

    @Test
    void data_begin_at_a_multiple_of_eight_bytes() {
        for (int length = 0; length < 9; length++) {
            byte[] file =
                    new Safetensors(Map.of("x".repeat(1 + length), tensor(new long[] {1}, 1f)), Map.of()).toBytes();
            assertThat(file.length % 8).isEqualTo(Float.BYTES);
        }
    }

    @Test
    void tensors_may_lie_in_another_order_than_the_header_names_them() throws Exception {
        Safetensors read = Safetensors.parse(
                file(
                        "{" + entry("a", "[1]", "[4,8]") + "," + entry("none", "[0]", "[4,4]") + ","
                                + entry("b", "[1]", "[0,4]") + "}",
                        0,
                        0,
                        0,
                        0x40,
                        0,
                        0,
                        0x80,
                        0x3f),
                "test");
        assertThat(read.tensors().get("a").values()).containsExactly(1f);
        assertThat(read.tensors().get("b").values()).containsExactly(2f);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void a_file_too_short_for_a_header_is_refused(int length) {
        assertRefused(new byte[length], "it has " + length + " bytes, too few for a header");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_001, 1000})
    void a_header_longer_than_the_file_or_than_any_is_refused(long length) {
        byte[] file = valid();
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        assertRefused(file, "its header is said to have " + length + " bytes, with ");
    }

    @Test
    void a_truncated_header_is_refused() {
        assertRefused(Arrays.copyOf(valid(), 30), "it is cut short or not a safetensors file");
    }

    @Test
    void truncated_data_are_refused() {
        byte[] file = valid();
        assertRefused(Arrays.copyOf(file, file.length - 1), "tensor b lies outside the file's 35 bytes of data");
    }

    @Test
    void bytes_after_the_last_tensor_are_refused() {
        byte[] file = valid();
        assertRefused(Arrays.copyOf(file, file.length + 3), "it has 3 bytes more than its tensors need");
    }

    @Test
    void a_gap_between_tensors_is_refused() {
        assertRefused(
                file("{" + entry("a", "[1]", "[0,4]") + "," + entry("b", "[1]", "[8,12]") + "}", new int[12]),
                "its data have a gap or an overlap at byte 4");
    }

    @Test
    void tensors_that_overlap_are_refused() {
        assertRefused(
                file("{" + entry("a", "[2]", "[0,8]") + "," + entry("b", "[2]", "[4,12]") + "}", new int[12]),
                "its data have a gap or an overlap at byte 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"F16", "BF16", "I64", "f32", ""})
    void another_type_is_refused(String type) {
        assertRefused(
                file("{\"a\":{\"dtype\":\"" + type + "\",\"shape\":[1],\"data_offsets\":[0,4]}}", new int[4]),
                "tensor a has the type \"" + type + "\"; F32 is read");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void values_that_are_not_finite_are_refused(float value) {
        byte[] file = new Safetensors(Map.of("a", tensor(new long[] {2}, 1f, value)), Map.of()).toBytes();
        assertRefused(file, "element 1 of tensor a is " + value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1] | [-4,0] | -4 where a size or an offset belongs",
                "[-1] | [0,4] | -1 where a size or an offset belongs",
                "[1.5] | [0,4] | 1.5 where a size or an offset belongs",
                "['1'] | [0,4] | \"1\" where a size or an offset belongs",
                "[4294967297] | [0,4] | 4294967297 where a size or an offset belongs",
                "[1] | [4,0] | tensor a lies outside the file's 4 bytes of data",
                "[1] | [0,8] | tensor a lies outside the file's 4 bytes of data",
                "[1] | [0] | tensor a lies outside the file's 4 bytes of data",
                "[1] | 4 | tensor a lies outside the file's 4 bytes of data",
                "[2] | [0,4] | tensor a of 2 elements has 4 bytes, not 8",
                "[0] | [0,4] | tensor a of 0 elements has 4 bytes, not 0",
            })
    void sizes_and_offsets_that_do_not_fit_are_refused(String shape, String offsets, String message) {
        assertRefused(file("{" + entry("a", shape.replace('\'', '"'), offsets) + "}", new int[4]), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[2147483647,2147483647,2147483647]",
                "[65536,65536,65536,65536]",
                "[65536,65536,65536,16384]",
                "[1073741824,4294967,1000]",
            })
    void shapes_whose_product_overflows_are_refused(String shape) {
        assertRefused(file("{" + entry("a", shape, "[0,0]") + "}"), "tensor a");
        assertRefused(file("{" + entry("a", shape, "[0,4]") + "}", new int[4]), "tensor a");
    }

    @Test
    void a_tensor_named_twice_is_refused() {
        String twice = "{" + entry("a", "[1]", "[0,4]") + "," + entry("a", "[1]", "[4,8]") + "}";
        assertRefused(file(twice, new int[8]), "its header is not JSON: Duplicate field 'a'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not JSON at all", "{\"a\":", "{} {}", "{} x", "{'a':1}"})
    void a_header_that_is_not_json_is_refused(String header) {
        assertRefused(file(header), "its header is not JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "42", "null", "\"text\"", "  "})
    void a_header_that_is_no_object_is_refused(String header) {
        assertRefused(file(header), "its header is not a JSON object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "[1]", "null", "\"F32\"", "{}"})
    void a_tensor_without_a_description_is_refused(String description) {
        assertRefused(file("{\"a\":" + description + "}"), "tensor a has the type \"\"; F32 is read");
    }

    @Property(tries = 2000)
    void damage_gives_an_invalid_model_or_another_valid_one_but_no_other_error(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int flips) {
        Random random = new Random(seed);
        byte[] file = valid();
        for (int i = 0; i < flips; i++) {
            file[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
        }
        assertReadOrRefused(file);
    }

    @Property(tries = 500)
    void a_header_with_other_characters_gives_an_invalid_model_or_another_valid_one_but_no_other_error(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int changes) {
        Random random = new Random(seed);
        byte[] file = valid();
        String likely = "{}[]\",:-.0123456789eE ";
        for (int i = 0; i < changes; i++) {
            file[8 + random.nextInt(file.length - 20)] = (byte) likely.charAt(random.nextInt(likely.length()));
        }
        assertReadOrRefused(file);
    }

    @Property(tries = 300)
    void a_file_cut_short_is_refused(@ForAll @IntRange(min = 0, max = 400) int length) {
        byte[] file = valid();
        assertThatThrownBy(() -> Safetensors.parse(Arrays.copyOf(file, length % file.length), "test"))
                .isInstanceOf(InvalidModelException.class);
    }

    @Property(tries = 200)
    void any_bytes_give_an_invalid_model_and_no_other_error(@ForAll @Size(max = 64) byte[] header) {
        assertReadOrRefused(file(new String(header, UTF_8)));
        assertReadOrRefused(header);
    }

    @Property(tries = 100)
    void the_hash_does_not_depend_on_the_order(@ForAll long seed) {
        List<String> names = new ArrayList<>(List.of("conv1", "bn1", "fc.weight", "fc.bias"));
        Map<String, Tensor> ordered = tensors(names);
        Collections.shuffle(names, new Random(seed));
        assertThat(Safetensors.hash(tensors(names))).isEqualTo(Safetensors.hash(ordered));
    }

    @Test
    void the_hash_is_the_sha_256_of_names_shapes_and_elements() {
        // printf 'a [1]\n\0\0\x80\x3f' | sha256sum
        assertThat(Safetensors.hash(Map.of("a", tensor(new long[] {1}, 1f))))
                .isEqualTo("140f88588bc14ee1b6ece025d5628a169ad9fdd2ea001018769d9cf8100675bf");
    }

    @Test
    void the_hash_changes_with_any_element_name_or_shape() {
        String hash = Safetensors.hash(Map.of("a", tensor(new long[] {2, 1}, 1f, 0f)));
        assertThat(List.of(
                        Safetensors.hash(Map.of("a", tensor(new long[] {2, 1}, Math.nextUp(1f), 0f))),
                        Safetensors.hash(Map.of("a", tensor(new long[] {2, 1}, 1f, -0f))),
                        Safetensors.hash(Map.of("a", tensor(new long[] {2, 1}, 0f, 1f))),
                        Safetensors.hash(Map.of("b", tensor(new long[] {2, 1}, 1f, 0f))),
                        Safetensors.hash(Map.of("a", tensor(new long[] {1, 2}, 1f, 0f))),
                        Safetensors.hash(Map.of("a", tensor(new long[] {2}, 1f, 0f))),
                        Safetensors.hash(Map.of()),
                        hash))
                .doesNotHaveDuplicates();
    }

    /** PyTorch adds 1e-5 to a variance, so that its results are finite for those a little below zero, and takes the root. */
    @Test
    void a_variance_is_refused_where_pytorch_s_results_are_not_finite() throws Exception {
        for (float sound : new float[] {0, -0f, 1e-40f, 1e38f, -1e-7f, Math.nextUp(-1e-5f)}) {
            byte[] file = new Safetensors(Map.of("bn.running_var", tensor(new long[] {1}, sound)), Map.of()).toBytes();
            assertThat(Safetensors.parse(file, "x").tensors()).containsOnlyKeys("bn.running_var");
            assertThat(ForeignWeights.read(file, "x")
                            .matching(Map.of("bn.running_var", new long[] {1}), null)
                            .tensors())
                    .hasSize(1);
        }
        for (float bad : new float[] {-1e-5f, -1e-3f, -1e38f}) {
            byte[] file = new Safetensors(Map.of("bn.running_var", tensor(new long[] {2}, 1, bad)), Map.of()).toBytes();
            String message = "element 1 of tensor bn.running_var is " + bad + ", which no variance can be";
            assertThatThrownBy(() -> Safetensors.parse(file, "x")).hasMessageContaining(message);
            ForeignWeights foreign = ForeignWeights.read(file, "x");
            assertThatThrownBy(() -> foreign.matching(Map.of("bn.running_var", new long[] {2}), null))
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void a_tensor_whose_shape_does_not_fit_its_values_is_refused() {
        assertThatThrownBy(() -> tensor(new long[] {2, 2}, 1f, 2f, 3f))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A tensor of shape [2, 2] has 4 elements, found 3");
    }

    private static Map<String, Tensor> tensors(List<String> names) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        names.forEach(name -> tensors.put(name, tensor(new long[] {1}, name.length())));
        return tensors;
    }

    private static void assertRefused(byte[] file, String message) {
        assertThatThrownBy(() -> Safetensors.parse(file, "hdfs:/models/x"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("Cannot read the model hdfs:/models/x: ")
                .hasMessageContaining(message);
    }

    private static void assertReadOrRefused(byte[] file) {
        try {
            assertThat(Safetensors.parse(file, "test")).isNotNull();
        } catch (InvalidModelException e) {
            assertThat(e).hasMessageStartingWith("Cannot read the model test: ");
        }
    }

    /** Tensors a (6 elements) and b (3 elements) and two entries of metadata. */
    private static byte[] valid() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a", tensor(new long[] {2, 3}, 1f, 2f, 3f, 4f, 5f, 6f));
        tensors.put("b", tensor(new long[] {3}, -1f, -2f, -3f));
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("model", "resnet8");
        metadata.put("classes", "100");
        return new Safetensors(tensors, metadata).toBytes();
    }

    private static String entry(String name, String shape, String offsets) {
        return "\"" + name + "\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
    }

    private static byte[] file(String header, int... data) {
        byte[] json = header.getBytes(UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        for (int value : data) {
            file.put((byte) value);
        }
        return file.array();
    }

    private static Tensor tensor(long[] shape, float... values) {
        return new Tensor(shape, values);
    }

    private static int[] bits(Tensor tensor) {
        int[] bits = new int[tensor.values().length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(tensor.values()[i]);
        }
        return bits;
    }
}
