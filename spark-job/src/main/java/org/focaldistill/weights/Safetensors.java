package org.focaldistill.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A safetensors file in memory: tensors by name and a map of strings. On disk: the header's length as a little-endian
 * 64-bit integer, the JSON header, then each tensor's little-endian, row-major bytes without gaps.
 *
 * @param tensors by name, in file order
 * @param metadata what the header's {@code __metadata__} says
 */
public record Safetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String METADATA = "__metadata__";
    /** The limit of the format's own library. */
    private static final long LONGEST_HEADER = 100_000_000;

    public Safetensors {
        tensors = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        metadata = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** The file's bytes. */
    public byte[] toBytes() {
        byte[] header = header();
        int size = Long.BYTES + header.length;
        for (Tensor tensor : tensors.values()) {
            size = Math.addExact(size, Math.multiplyExact(tensor.values().length, Float.BYTES));
        }
        ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);
        for (Tensor tensor : tensors.values()) {
            file.asFloatBuffer().put(tensor.values());
            file.position(file.position() + tensor.values().length * Float.BYTES);
        }
        return file.array();
    }

    private byte[] header() {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode strings = root.putObject(METADATA);
        metadata.forEach(strings::put);
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            ObjectNode description = root.putObject(entry.getKey());
            description.put("dtype", "F32");
            for (long extent : entry.getValue().shape()) {
                description.withArray("shape").add(extent);
            }
            description.withArray("shape");
            long end = offset + (long) entry.getValue().values().length * Float.BYTES;
            description.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        // Padded with blanks so that the data begin at a multiple of eight.
        byte[] padded = java.util.Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        java.util.Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    /**
     * Reads a file.
     *
     * @param file its bytes
     * @param name what to call it in messages
     * @throws InvalidModelException if it is cut short, has bytes left over, overlapping or missing data, a type other
     *     than F32, or a value that is not finite
     */
    public static Safetensors parse(byte[] file, String name) throws InvalidModelException {
        return new Parser(file, name).parse();
    }

    /** SHA-256 over names, shapes and elements in alphabetical order: the same however the file is laid out. */
    public static String hash(Map<String, Tensor> tensors) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Map.Entry<String, Tensor> entry : new TreeMap<>(tensors).entrySet()) {
                String label = entry.getKey()
                        + java.util.Arrays.toString(entry.getValue().shape());
                digest.update(label.getBytes(StandardCharsets.UTF_8));
                float[] values = entry.getValue().values();
                ByteBuffer bytes =
                        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values);
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    /** Reads one file's bytes. */
    private static final class Parser {
        private final String name;
        private final ByteBuffer file;

        Parser(byte[] bytes, String name) {
            this.name = name;
            this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        Safetensors parse() throws InvalidModelException {
            JsonNode root = header();
            ByteBuffer data = file.slice().order(ByteOrder.LITTLE_ENDIAN);
            Map<String, String> metadata = new LinkedHashMap<>();
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            List<long[]> ranges = new ArrayList<>();
            for (Iterator<Map.Entry<String, JsonNode>> fields = root.fields(); fields.hasNext(); ) {
                Map.Entry<String, JsonNode> field = fields.next();
                if (field.getKey().equals(METADATA)) {
                    field.getValue()
                            .fields()
                            .forEachRemaining(
                                    e -> metadata.put(e.getKey(), e.getValue().asText()));
                } else {
                    tensors.put(field.getKey(), tensor(field.getKey(), field.getValue(), data, ranges));
                }
            }
            requireNoGaps(ranges, data.capacity());
            return new Safetensors(tensors, metadata);
        }

        private JsonNode header() throws InvalidModelException {
            if (file.remaining() < Long.BYTES) {
                throw invalid("it has " + file.remaining() + " bytes, too few for a header");
            }
            long length = file.getLong();
            if (length < 2 || length > LONGEST_HEADER || length > file.remaining()) {
                throw invalid("its header is said to have " + length + " bytes, with " + file.remaining()
                        + " left: it is cut short or not a safetensors file");
            }
            byte[] json = new byte[(int) length];
            file.get(json);
            try {
                JsonNode root = JSON.readTree(json);
                if (!root.isObject()) {
                    throw invalid("its header is not a JSON object");
                }
                return root;
            } catch (JsonProcessingException e) {
                throw invalid("its header is not JSON: " + e.getOriginalMessage());
            } catch (java.io.IOException e) {
                throw invalid("its header can not be read: " + e.getMessage());
            }
        }

        private Tensor tensor(String tensor, JsonNode description, ByteBuffer data, List<long[]> ranges)
                throws InvalidModelException {
            String type = description.path("dtype").asText();
            if (!type.equals("F32")) {
                throw invalid("tensor " + tensor + " has the type \"" + type + "\"; F32 is read");
            }
            long[] shape = numbers(tensor, description.path("shape"));
            long[] range = numbers(tensor, description.path("data_offsets"));
            if (range.length != 2 || range[0] > range[1] || range[1] > data.capacity()) {
                throw invalid("tensor " + tensor + " lies outside the file's " + data.capacity() + " bytes of data");
            }
            long length = elements(tensor, shape);
            if (range[1] - range[0] != length * Float.BYTES) {
                throw invalid("tensor " + tensor + " of " + length + " elements has " + (range[1] - range[0])
                        + " bytes, not " + length * Float.BYTES);
            }
            ranges.add(range);
            float[] values = new float[(int) length];
            data.slice((int) range[0], (int) (range[1] - range[0]))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
            requireFinite(tensor, values);
            return new Tensor(shape, values);
        }

        private long elements(String tensor, long[] shape) throws InvalidModelException {
            long elements = 1;
            for (long extent : shape) {
                // Neither factor exceeds 31 bits, so the product does not overflow.
                elements *= extent;
                if (elements > Integer.MAX_VALUE) {
                    throw invalid("tensor " + tensor + " of shape " + java.util.Arrays.toString(shape)
                            + " has more elements than an array can hold");
                }
            }
            return elements;
        }

        private long[] numbers(String tensor, JsonNode array) throws InvalidModelException {
            long[] numbers = new long[array.size()];
            for (int i = 0; i < numbers.length; i++) {
                JsonNode number = array.get(i);
                if (!number.isIntegralNumber() || !number.canConvertToInt() || number.asInt() < 0) {
                    throw invalid("tensor " + tensor + " has " + number + " where a size or an offset belongs");
                }
                numbers[i] = number.asInt();
            }
            return numbers;
        }

        private void requireFinite(String tensor, float[] values) throws InvalidModelException {
            for (int i = 0; i < values.length; i++) {
                if (!Float.isFinite(values[i])) {
                    throw invalid("element " + i + " of tensor " + tensor + " is " + values[i]);
                }
            }
        }

        private void requireNoGaps(List<long[]> ranges, long size) throws InvalidModelException {
            ranges.sort(Comparator.<long[]>comparingLong(range -> range[0]).thenComparingLong(range -> range[1]));
            long end = 0;
            for (long[] range : ranges) {
                if (range[0] != end) {
                    throw invalid("its data have a gap or an overlap at byte " + Math.min(range[0], end));
                }
                end = range[1];
            }
            if (end != size) {
                throw invalid("it has " + (size - end) + " bytes more than its tensors need");
            }
        }

        private InvalidModelException invalid(String what) {
            return new InvalidModelException("Cannot read the model " + name + ": " + what);
        }
    }
}
