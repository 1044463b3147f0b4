package org.focaldistill.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.focaldistill.weights.PickleValue.Array;
import org.focaldistill.weights.PickleValue.Dict;
import org.focaldistill.weights.PickleValue.Elements;
import org.focaldistill.weights.PickleValue.Global;
import org.focaldistill.weights.PickleValue.Opaque;
import org.focaldistill.weights.PickleValue.Sequence;

/** The calls PyTorch's checkpoints are made of, each replaced by the value it stands for. Nothing is called. */
final class PickleCalls {
    /** Calls that make a value of no interest here. */
    private static final Set<String> OPAQUE = Set.of(
            "_codecs.encode",
            "numpy.dtype",
            "numpy.core.multiarray.scalar",
            "numpy._core.multiarray.scalar",
            "numpy.core.multiarray._reconstruct",
            "numpy._core.multiarray._reconstruct",
            "copy_reg._reconstructor",
            "copyreg._reconstructor",
            "torch.device");

    private static final Set<String> SEQUENCES =
            Set.of("torch.Size", "builtins.set", "__builtin__.set", "builtins.frozenset", "__builtin__.frozenset");

    private static final Set<String> DICTIONARIES = Set.of("collections.OrderedDict", "collections.defaultdict");

    /** PyTorch allows 64; no layer has more than five. */
    private static final int MOST_DIMENSIONS = 16;
    /** One list can be named again and again, each time to be copied. */
    private static final int MOST_PAIRS = 1_000_000;

    private final PickleInput input;
    private final Map<String, Storage> storages = new LinkedHashMap<>();
    private int pairs;

    PickleCalls(PickleInput input) {
        this.input = input;
    }

    Map<String, Storage> storages() {
        return storages;
    }

    /**
     * What a call gives.
     *
     * @param start where in the pickle the call is, for messages
     * @throws InvalidModelException if it is none that PyTorch's checkpoints make, or has other arguments than there
     */
    Object result(Object function, Object arguments, int start) throws InvalidModelException {
        if (!(function instanceof Global) || !(arguments instanceof Sequence sequence)) {
            throw input.invalid(start, "it calls something that is not the name of a function: it is damaged");
        }
        String name = function.toString();
        List<Object> values = sequence.items();
        if (OPAQUE.contains(name)) {
            return opaque(name, values);
        }
        if (SEQUENCES.contains(name)) {
            return values.size() == 1 && values.get(0) instanceof Sequence items ? items : new Opaque(name);
        }
        if (DICTIONARIES.contains(name)) {
            return dictionary(values, start);
        }
        return switch (name) {
            case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> tensor(values, false, start);
            case "torch._utils._rebuild_tensor_v3" -> tensor(values, true, start);
            case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" ->
                parameter(values, start);
            default -> throw refused(function, start);
        };
    }

    /** That a function which is no part of checkpoints is to be called. */
    InvalidModelException refused(Object function, int start) {
        String name = function instanceof Global ? Refusal.shown(function.toString()) : "something without a name";
        return input.invalid(
                start,
                "it calls " + name + " when it is loaded in Python, which no file of weights needs and which can run"
                        + " any program; it was not called. Use a file from a source you trust, or one that holds the"
                        + " model's state_dict() alone");
    }

    private static Opaque opaque(String name, List<Object> values) {
        boolean ofClass = name.endsWith("._reconstructor") && !values.isEmpty() && values.get(0) instanceof Global;
        return new Opaque(ofClass ? values.get(0).toString() : name);
    }

    /** An object made without a call. */
    Object instance(Global type) {
        return DICTIONARIES.contains(type.toString()) ? new Dict() : new Opaque(type.toString());
    }

    /** An empty dictionary, or one from the pairs that Python 2 writes. */
    private Dict dictionary(List<Object> values, int start) throws InvalidModelException {
        Dict dict = new Dict();
        for (Object value : values) {
            if (value instanceof Sequence list) {
                for (Object item : list.items()) {
                    if (!(item instanceof Sequence pair) || pair.items().size() != 2 || ++pairs > MOST_PAIRS) {
                        throw input.invalid(start, "a dictionary is made of something else than pairs: it is damaged");
                    }
                    dict.items().put(pair.items().get(0), pair.items().get(1));
                }
            }
        }
        return dict;
    }

    /** Storage, offset, sizes, strides and what has no influence on the elements; in v3 the type comes seventh. */
    private Array tensor(List<Object> values, boolean typed, int start) throws InvalidModelException {
        if (values.size() < (typed ? 7 : 4)
                || !(values.get(0) instanceof Elements elements)
                || !(values.get(1) instanceof Long offset)) {
            throw malformed(start);
        }
        Storage storage = elements.storage();
        ElementType type = typed ? named(values.get(6), start) : storage.type();
        if (elements.untyped()) {
            storage = new Storage(storage.key(), type, storage.byteCount() / type.bytes());
        } else if (typed && type.bytes() != storage.type().bytes()) {
            throw malformed(start);
        }
        // Neither number can be so large in a tensor that is not damaged; the sum of larger ones could overflow.
        if (Math.abs((double) offset) > Integer.MAX_VALUE) {
            throw malformed(start);
        }
        List<Long> shape = numbers(values.get(2), start);
        return new Array(
                new StoredTensor(storage, type, elements.offset() + offset, shape, numbers(values.get(3), start)));
    }

    private ElementType named(Object type, int start) throws InvalidModelException {
        Optional<ElementType> known =
                type instanceof Global global && global.module().equals("torch")
                        ? ElementType.ofTorch(global.name())
                        : Optional.empty();
        return known.orElseThrow(() -> input.invalid(
                start,
                "a tensor has the type " + (type instanceof Global ? Refusal.shown(type.toString()) : "?")
                        + ", which is not read; convert the model to float32 before saving it"));
    }

    private List<Long> numbers(Object sequence, int start) throws InvalidModelException {
        List<Long> numbers = new ArrayList<>();
        if (!(sequence instanceof Sequence items) || items.items().size() > MOST_DIMENSIONS) {
            throw malformed(start);
        }
        for (Object item : items.items()) {
            if (!(item instanceof Long number)) {
                throw malformed(start);
            }
            numbers.add(number);
        }
        return numbers;
    }

    private Array parameter(List<Object> values, int start) throws InvalidModelException {
        if (!values.isEmpty() && values.get(0) instanceof Array tensor) {
            return tensor;
        }
        throw malformed(start);
    }

    private InvalidModelException malformed(int start) {
        return input.invalid(start, "a tensor is not made of a storage, an offset, sizes and strides: it is damaged");
    }

    /** What {@code ('storage', class, key, device, elements[, (key, offset, elements)])} stands for. */
    Object persistent(Object id, int start) throws InvalidModelException {
        List<Object> values = id instanceof Sequence sequence ? sequence.items() : List.of();
        if (values.size() > 1 && values.get(0) instanceof String kind && kind.equals("module")) {
            return values.get(1);
        }
        if (values.size() < 5
                || !(values.get(1) instanceof Global type)
                || !(values.get(2) instanceof String key)
                || !(values.get(4) instanceof Long count)) {
            throw input.invalid(start, "a storage is not described as PyTorch does: it is damaged");
        }
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw input.invalid(start, "storage " + Refusal.shown(key) + " has " + count + " elements");
        }
        boolean untyped = type.name().equals("UntypedStorage");
        ElementType elements = untyped ? ElementType.UINT8 : storageType(type, start);
        long offset = values.size() > 5 ? viewOffset(values.get(5), start) : 0;
        Storage storage = new Storage(key, elements, count);
        Storage before = storages.putIfAbsent(key, storage);
        if (before != null && before.byteCount() != storage.byteCount()) {
            throw input.invalid(
                    start,
                    "storage " + Refusal.shown(key) + " has " + storage.byteCount() + " bytes here and "
                            + before.byteCount() + " before");
        }
        return new Elements(storage, untyped, offset);
    }

    private ElementType storageType(Global type, int start) throws InvalidModelException {
        Optional<ElementType> known =
                type.module().equals("torch") || type.module().startsWith("torch.")
                        ? ElementType.ofStorageClass(type.name())
                        : Optional.empty();
        return known.orElseThrow(() -> input.invalid(
                start,
                "a storage has the class " + Refusal.shown(type.toString())
                        + ", which is not read; convert the model to float32 before saving it"));
    }

    /** Files before PyTorch 0.4 have storages that are parts of others. */
    private long viewOffset(Object view, int start) throws InvalidModelException {
        if (!(view instanceof Sequence part)) {
            return 0;
        }
        if (part.items().size() == 3
                && part.items().get(1) instanceof Long offset
                && offset >= 0
                && offset <= Integer.MAX_VALUE) {
            return offset;
        }
        throw input.invalid(start, "a part of a storage is not described as PyTorch does: it is damaged");
    }
}
