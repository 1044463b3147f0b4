package org.focaldistill.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.MessageDigestAlgorithms;

/**
 * Logits of a set of images as a file: safetensors with the one tensor {@code logits}, of type F16 or F32, and a
 * checksum of its bytes among the header's strings.
 *
 * @param logits {@code [images, classes]}
 * @param about what the header says of them; written in its order
 */
public record LogitsFile(Tensor logits, Map<String, String> about) {
    private static final String LOGITS = "logits";
    private static final String CHECKSUM = "sha256";

    public LogitsFile {
        if (logits.shape().length != 2) {
            throw new IllegalArgumentException(
                    "Logits are [images, classes], found " + logits.shape().length + " axes");
        }
        about = Collections.unmodifiableMap(new LinkedHashMap<>(about));
    }

    /** The size in bytes of a file, without its header of some hundred. */
    public static long bytes(long images, int classes, boolean half) {
        return images * classes * (half ? ElementType.FLOAT16 : ElementType.FLOAT32).bytes();
    }

    /**
     * The file's bytes.
     *
     * @param half whether logits are rounded to half precision
     * @throws InvalidModelException if a logit is not finite, or too large for half precision
     */
    public byte[] toBytes(boolean half) throws InvalidModelException {
        requireFit(half);
        ElementType type = half ? ElementType.FLOAT16 : ElementType.FLOAT32;
        float[] values = logits.values();
        ByteBuffer data = ByteBuffer.allocate(Math.multiplyExact(values.length, type.bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        if (half) {
            for (int i = 0; i < values.length; i++) {
                data.putShort(2 * i, Half.of(values[i]));
            }
        } else {
            data.asFloatBuffer().put(values);
        }
        Map<String, String> metadata = new LinkedHashMap<>(about);
        metadata.put(CHECKSUM, sha256(data.duplicate()));
        byte[] header = SafetensorsHeader.bytes(Map.of(LOGITS, logits), type, metadata);
        return ByteBuffer.allocate(Math.addExact(header.length, data.capacity()))
                .put(header)
                .put(data)
                .array();
    }

    private void requireFit(boolean half) throws InvalidModelException {
        int classes = Math.toIntExact(logits.shape()[1]);
        for (int i = 0; i < logits.values().length; i++) {
            float value = logits.values()[i];
            if (!Float.isFinite(value) || (half && !Half.holds(value))) {
                throw new InvalidModelException("The logit of class " + i % classes + " in row " + i / classes + " is "
                        + value
                        + (Float.isFinite(value)
                                ? ", more than half precision holds (65504); store them as fp32 (teacher.bankPrecision)"
                                : ": the network is not sound"));
            }
        }
    }

    /**
     * Reads a file.
     *
     * @param name what to call it in messages
     * @throws InvalidModelException if it is cut short, changed or no file of logits
     */
    public static LogitsFile parse(byte[] file, String name) throws InvalidModelException {
        Refusal refusal = new Refusal("logits", name);
        SafetensorsHeader header =
                SafetensorsHeader.read(file, Set.of(ElementType.FLOAT16, ElementType.FLOAT32), refusal);
        SafetensorsHeader.Entry entry = header.tensors().get(LOGITS);
        if (header.tensors().size() != 1 || entry == null || entry.shape().length != 2) {
            throw refusal.because("it does not have the one tensor logits [images, classes]");
        }
        ByteBuffer data = entry.bytes(header.data());
        Map<String, String> about = new LinkedHashMap<>(header.metadata());
        String expected = Objects.requireNonNullElse(about.remove(CHECKSUM), "none");
        String found = sha256(data.duplicate());
        if (!expected.equals(found)) {
            throw refusal.because("its checksum is " + found + ", should be " + expected + ": it was damaged");
        }
        return new LogitsFile(new Tensor(entry.shape(), values(entry.type(), data)), about);
    }

    private static float[] values(ElementType type, ByteBuffer data) {
        float[] values = new float[data.remaining() / type.bytes()];
        if (type == ElementType.FLOAT32) {
            data.asFloatBuffer().get(values);
        } else {
            for (int i = 0; i < values.length; i++) {
                values[i] = Half.toFloat(data.getShort(2 * i));
            }
        }
        return values;
    }

    private static String sha256(ByteBuffer data) {
        return new DigestUtils(MessageDigestAlgorithms.SHA_256).digestAsHex(data);
    }
}
