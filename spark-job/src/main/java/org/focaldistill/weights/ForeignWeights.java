package org.focaldistill.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file of weights that another program wrote: a checkpoint of PyTorch, in the zip format of today or the one before 1.6,
 * or safetensors. Nothing in it is executed.
 *
 * <p>Formats: <a href="https://github.com/pytorch/pytorch/blob/v2.4.0/torch/serialization.py">torch/serialization.py</a>,
 * <a href="https://github.com/huggingface/safetensors#format">safetensors</a>.
 */
public final class ForeignWeights {
    private final NamedTensors tensors;
    private final Refusal refusal;

    private ForeignWeights(NamedTensors tensors, Refusal refusal) {
        this.tensors = tensors;
        this.refusal = refusal;
    }

    /**
     * Reads what tensors a file has and where, not yet their elements.
     *
     * @param file its bytes, not copied and not to be changed while this object is used
     * @param name what to call it in messages
     * @throws InvalidModelException if it has another format, is damaged or has no tensors; the message names what it would
     *     call in their place
     */
    public static ForeignWeights read(byte[] file, String name) throws InvalidModelException {
        Refusal refusal = new Refusal(name);
        return new ForeignWeights(tensors(file, refusal), refusal);
    }

    private static NamedTensors tensors(byte[] file, Refusal refusal) throws InvalidModelException {
        FileStart start = new FileStart(file);
        if (start.begins("PK\u0003\u0004") || start.begins("PK\u0005\u0006")) {
            return TorchArchive.read(file, refusal);
        }
        // Before pickles: the length of a header can look like the beginning of one.
        if (mayBeSafetensors(file)) {
            return safetensors(file, refusal);
        }
        if (LegacyTorchFile.mayBe(file)) {
            return LegacyTorchFile.read(file, refusal);
        }
        throw refusal.because(start.unreadable());
    }

    /** Whether a header of JSON follows a length that a header may have. */
    private static boolean mayBeSafetensors(byte[] file) {
        if (file.length <= Long.BYTES || file[Long.BYTES] != '{') {
            return false;
        }
        long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return length >= 2 && length <= SafetensorsHeader.LONGEST;
    }

    private static NamedTensors safetensors(byte[] file, Refusal refusal) throws InvalidModelException {
        SafetensorsHeader header = SafetensorsHeader.read(file, ElementType.ofSafetensors(), refusal);
        Map<String, NamedTensors.Named> named = new LinkedHashMap<>();
        Map<String, ByteBuffer> bytes = new LinkedHashMap<>();
        header.tensors().forEach((name, entry) -> {
            ByteBuffer data = entry.bytes(header.data());
            Storage storage = new Storage(
                    name, entry.type(), data.capacity() / entry.type().bytes());
            named.put(name, new NamedTensors.Named(rowMajor(storage, entry.shape()), "", name));
            bytes.put(name, data);
        });
        if (named.isEmpty()) {
            throw refusal.because("it holds no tensors");
        }
        return new NamedTensors(named, Map.of(), Map.of(), storage -> Objects.requireNonNull(bytes.get(storage.key())));
    }

    private static StoredTensor rowMajor(Storage storage, long[] shape) {
        List<Long> extents = new ArrayList<>();
        List<Long> strides = new ArrayList<>();
        long stride = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            extents.add(0, shape[d]);
            strides.add(0, stride);
            stride *= Math.max(1, shape[d]);
        }
        return new StoredTensor(storage, storage.type(), 0, extents, strides);
    }

    /** All tensors by dotted path, such as {@code model.conv1.weight}, and their types, such as {@code float32}. */
    public Map<String, String> types() {
        Map<String, String> types = new LinkedHashMap<>();
        tensors.tensors()
                .forEach((name, named) -> types.put(name, named.tensor().type().torch()));
        return Collections.unmodifiableMap(types);
    }

    /**
     * Finds a network's tensors by their names, which may follow any prefix that all of them share. Nothing is renamed.
     *
     * @param expected the shapes by name
     * @param prefix what comes before the names, such as {@code model.module.}, with or without the last dot; empty if
     *     nothing does; null to find it
     * @throws InvalidModelException if a tensor is missing, left over, of another shape or not of floating point numbers, if
     *     different tensors fit, or if an element is not finite as a float or a variance below zero
     */
    public Match matching(Map<String, long[]> expected, @Nullable String prefix) throws InvalidModelException {
        return new NameMatcher(tensors, expected, refusal).match(prefix);
    }

    /**
     * A network's tensors.
     *
     * @param tensors by expected name, in the expected order
     * @param where the path of the dictionary in the file that holds them, such as {@code model}; empty at the top
     * @param prefix what comes before their names there, such as {@code module.}
     * @param ignored what else the file holds, briefly
     * @param types how many tensors had which type, such as {@code float16}
     */
    public record Match(
            Map<String, Tensor> tensors,
            String where,
            String prefix,
            List<String> ignored,
            Map<String, Integer> types) {
        public Match {
            tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
            ignored = List.copyOf(ignored);
            types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
        }
    }
}
