package org.focaldistill.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the header of a safetensors file says, checked against the file's size.
 *
 * @param tensors by name, in the header's order
 * @param metadata the strings of {@code __metadata__}
 * @param data what follows the header, little-endian
 */
record SafetensorsHeader(Map<String, Entry> tensors, Map<String, String> metadata, ByteBuffer data) {
    static final String METADATA = "__metadata__";
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    /** The limit of the format's own library. */
    static final long LONGEST = 100_000_000;

    /**
     * A tensor's description.
     *
     * @param begin where its bytes begin in the data; as many follow as its elements need
     */
    record Entry(ElementType type, long[] shape, int begin, int end) {
        ByteBuffer bytes(ByteBuffer data) {
            return data.slice(begin, end - begin).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /**
     * Reads a file's header.
     *
     * @param types the types a tensor may have
     * @throws InvalidModelException if the file is cut short, has bytes left over, overlapping or missing data or a tensor
     *     of another type
     */
    static SafetensorsHeader read(byte[] file, Set<ElementType> types, Refusal refusal) throws InvalidModelException {
        return new Parser(file, types, refusal).parse();
    }

    /**
     * What a file begins with: the header's length and the header.
     *
     * @param tensors in the order in which their elements follow
     * @param type all tensors' type in the file
     */
    static byte[] bytes(Map<String, Tensor> tensors, ElementType type, Map<String, String> metadata) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode strings = root.putObject(METADATA);
        metadata.forEach(strings::put);
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            ObjectNode description = root.putObject(entry.getKey());
            description.put("dtype", type.safetensors());
            ArrayNode shape = description.putArray("shape");
            for (long extent : entry.getValue().shape()) {
                shape.add(extent);
            }
            long end = offset + (long) entry.getValue().values().length * type.bytes();
            description.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        // Padded with blanks so that the data begin at a multiple of eight.
        int length = (json.length + 7) / 8 * 8;
        byte[] padded = Arrays.copyOf(json, length);
        Arrays.fill(padded, json.length, length, (byte) ' ');
        return ByteBuffer.allocate(Long.BYTES + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(padded)
                .array();
    }

    /** Reads one file's bytes. */
    private static final class Parser {
        private final ByteBuffer file;
        private final Set<ElementType> types;
        private final Refusal refusal;

        Parser(byte[] bytes, Set<ElementType> types, Refusal refusal) {
            this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            this.types = types;
            this.refusal = refusal;
        }

        SafetensorsHeader parse() throws InvalidModelException {
            JsonNode root = header();
            ByteBuffer data = file.slice().order(ByteOrder.LITTLE_ENDIAN);
            Map<String, String> metadata = new LinkedHashMap<>();
            Map<String, Entry> tensors = new LinkedHashMap<>();
            for (Iterator<Map.Entry<String, JsonNode>> fields = root.fields(); fields.hasNext(); ) {
                Map.Entry<String, JsonNode> field = fields.next();
                if (field.getKey().equals(METADATA)) {
                    field.getValue()
                            .fields()
                            .forEachRemaining(
                                    e -> metadata.put(e.getKey(), e.getValue().asText()));
                } else {
                    tensors.put(field.getKey(), entry(field.getKey(), field.getValue(), data.capacity()));
                }
            }
            requireNoGaps(tensors, data.capacity());
            return new SafetensorsHeader(tensors, metadata, data);
        }

        private JsonNode header() throws InvalidModelException {
            if (file.remaining() < Long.BYTES) {
                throw refusal.because("it has " + file.remaining() + " bytes, too few for a header");
            }
            long length = file.getLong();
            if (length < 2 || length > LONGEST || length > file.remaining()) {
                throw refusal.because("its header is said to have " + length + " bytes, with " + file.remaining()
                        + " left: it is cut short or not a safetensors file");
            }
            byte[] json = new byte[(int) length];
            file.get(json);
            try {
                JsonNode root = JSON.readTree(json);
                if (!root.isObject()) {
                    throw refusal.because("its header is not a JSON object");
                }
                return root;
            } catch (JsonProcessingException e) {
                throw refusal.because("its header is not JSON: " + e.getOriginalMessage());
            } catch (InvalidModelException e) {
                throw e;
            } catch (IOException e) {
                throw refusal.because("its header can not be read: " + e.getMessage());
            }
        }

        private Entry entry(String tensor, JsonNode description, int size) throws InvalidModelException {
            ElementType type = type(tensor, description.path("dtype").asText());
            long[] shape = numbers(tensor, description.path("shape"));
            long[] range = numbers(tensor, description.path("data_offsets"));
            if (range.length != 2 || range[0] > range[1] || range[1] > size) {
                throw refusal.because("tensor " + tensor + " lies outside the file's " + size + " bytes of data");
            }
            long length = elements(tensor, shape);
            if (range[1] - range[0] != length * type.bytes()) {
                throw refusal.because("tensor " + tensor + " of " + length + " elements has " + (range[1] - range[0])
                        + " bytes, not " + length * type.bytes());
            }
            return new Entry(type, shape, (int) range[0], (int) range[1]);
        }

        private ElementType type(String tensor, String name) throws InvalidModelException {
            return ElementType.ofSafetensors(name)
                    .filter(types::contains)
                    .orElseThrow(() -> refusal.because("tensor " + tensor + " has the type \"" + name + "\"; "
                            + types.stream().map(ElementType::safetensors).collect(Collectors.joining(", "))
                            + (types.size() == 1 ? " is read" : " are read")));
        }

        private long elements(String tensor, long[] shape) throws InvalidModelException {
            long elements = 1;
            for (long extent : shape) {
                // Neither factor exceeds 31 bits, so the product does not overflow.
                elements *= extent;
                if (elements > Integer.MAX_VALUE) {
                    throw refusal.because("tensor " + tensor + " of shape " + Arrays.toString(shape)
                            + " has more elements than an array can hold");
                }
            }
            return elements;
        }

        private long[] numbers(String tensor, JsonNode array) throws InvalidModelException {
            long[] numbers = new long[array.size()];
            for (int i = 0; i < numbers.length; i++) {
                JsonNode number = array.get(i);
                if (number == null || !number.isIntegralNumber() || !number.canConvertToInt() || number.asInt() < 0) {
                    throw refusal.because("tensor " + tensor + " has " + number + " where a size or an offset belongs");
                }
                numbers[i] = number.asInt();
            }
            return numbers;
        }

        private void requireNoGaps(Map<String, Entry> tensors, int size) throws InvalidModelException {
            List<Entry> entries = new ArrayList<>(tensors.values());
            entries.sort(Comparator.comparingInt(Entry::begin).thenComparingInt(Entry::end));
            int end = 0;
            for (Entry entry : entries) {
                if (entry.begin() != end) {
                    throw refusal.because("its data have a gap or an overlap at byte " + Math.min(entry.begin(), end));
                }
                end = entry.end();
            }
            if (end != size) {
                throw refusal.because("it has " + (size - end) + " bytes more than its tensors need");
            }
        }
    }
}
