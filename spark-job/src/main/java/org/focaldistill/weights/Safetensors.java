package org.focaldistill.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A safetensors file in memory: tensors by name and a map of strings. On disk: the header's length as a little-endian
 * 64-bit integer, the JSON header, then each tensor's little-endian, row-major bytes without gaps.
 *
 * @param tensors by name, in file order
 * @param metadata what the header's {@code __metadata__} says
 */
public record Safetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
    public Safetensors {
        tensors = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        metadata = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** The file's bytes. */
    public byte[] toBytes() {
        byte[] header = SafetensorsHeader.bytes(tensors, ElementType.FLOAT32, metadata);
        int size = header.length;
        for (Tensor tensor : tensors.values()) {
            size = Math.addExact(size, Math.multiplyExact(tensor.values().length, Float.BYTES));
        }
        ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        file.put(header);
        for (Tensor tensor : tensors.values()) {
            file.asFloatBuffer().put(tensor.values());
            file.position(file.position() + tensor.values().length * Float.BYTES);
        }
        return file.array();
    }

    /**
     * Reads a file.
     *
     * @param file its bytes
     * @param name what to call it in messages
     * @throws InvalidModelException if it is cut short, has bytes left over, overlapping or missing data, a type other
     *     than F32, a value that is not finite or a variance below zero
     */
    public static Safetensors parse(byte[] file, String name) throws InvalidModelException {
        Refusal refusal = new Refusal(name);
        SafetensorsHeader header = SafetensorsHeader.read(file, Set.of(ElementType.FLOAT32), refusal);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, SafetensorsHeader.Entry> entry : header.tensors().entrySet()) {
            FloatBuffer data = entry.getValue().bytes(header.data()).asFloatBuffer();
            float[] values = new float[data.remaining()];
            data.get(values);
            requireFinite(entry.getKey(), values, refusal);
            Variances.require(entry.getKey(), values, refusal);
            tensors.put(entry.getKey(), new Tensor(entry.getValue().shape(), values));
        }
        return new Safetensors(tensors, header.metadata());
    }

    private static void requireFinite(String tensor, float[] values, Refusal refusal) throws InvalidModelException {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw refusal.ofElement(i, tensor, Float.toString(values[i]));
            }
        }
    }

    /** SHA-256 over names, shapes and elements, by name: the same however the file is laid out. */
    public static String hash(Map<String, Tensor> tensors) {
        MessageDigest digest = DigestUtils.getSha256Digest();
        for (Map.Entry<String, Tensor> entry : new TreeMap<>(tensors).entrySet()) {
            String label =
                    entry.getKey() + " " + Arrays.toString(entry.getValue().shape()) + "\n";
            digest.update(label.getBytes(StandardCharsets.UTF_8));
            float[] values = entry.getValue().values();
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            digest.update(bytes);
        }
        return Hex.encodeHexString(digest.digest());
    }
}
