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

/** What a pickle's calls stand for. Nothing is called. */
final class PickleCalls {
    /** Of the class that is their first argument. */
    private static final Set<String> CONSTRUCTORS =
            Set.of("copy_reg._reconstructor", "copyreg._reconstructor", "copy_reg.__newobj__", "copyreg.__newobj__");

    private static final Set<String> ARRAYS = Set.of(
            "numpy.core.multiarray._reconstruct",
            "numpy._core.multiarray._reconstruct",
            "numpy.core.numeric._frombuffer",
            "numpy._core.numeric._frombuffer");

    private static final Set<String> SEQUENCES =
            Set.of("torch.Size", "builtins.set", "__builtin__.set", "builtins.frozenset", "__builtin__.frozenset");

    private static final Set<String> DICTIONARIES = Set.of("collections.OrderedDict", "collections.defaultdict");

    /** A tensor in the file of another tensor's pickle, which pickle without torch.save makes of each. */
    private static final String OWN_FILE = "torch.storage._load_from_bytes";

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
     * What a call gives: a tensor, dictionary or list where PyTorch makes them so, else a placeholder.
     *
     * @throws InvalidModelException if it is no call at all, or one of PyTorch's with other arguments than PyTorch gives it
     */
    Object result(Object function, Object arguments) throws InvalidModelException {
        boolean callable = function instanceof Global || function instanceof Opaque;
        if (!callable || !(arguments instanceof Sequence || arguments instanceof Opaque)) {
            throw input.invalid("it calls something that is not the name of a function: it is damaged");
        }
        String name = function instanceof Opaque object ? object.kind() : function.toString();
        return function instanceof Global && arguments instanceof Sequence sequence
                ? result(name, sequence.items())
                : Opaque.ofCall(name);
    }

    private Object result(String name, List<Object> values) throws InvalidModelException {
        if (SEQUENCES.contains(name)) {
            return values.size() == 1 && values.get(0) instanceof Sequence items ? items : Opaque.instance(name);
        }
        if (DICTIONARIES.contains(name)) {
            return dictionary(values);
        }
        return switch (name) {
            case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> tensor(values, false);
            case "torch._utils._rebuild_tensor_v3" -> tensor(values, true);
            case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" -> parameter(values);
            case "torch._tensor._rebuild_from_type_v2" -> ofType(values);
            default -> opaque(name, values);
        };
    }

    private static Opaque opaque(String name, List<Object> values) {
        if (CONSTRUCTORS.contains(name) && !values.isEmpty() && values.get(0) instanceof Global type) {
            return Opaque.instance(type.toString());
        }
        if (ARRAYS.contains(name)) {
            return Opaque.tensor("numpy.ndarray");
        }
        // The tensors that are not dense.
        if (name.startsWith("torch._utils._rebuild_")) {
            return Opaque.tensor(name);
        }
        return name.equals("_codecs.encode") ? Opaque.instance("bytes") : Opaque.ofCall(name);
    }

    /** An object made without a call of its class. */
    Object instance(Object type) throws InvalidModelException {
        if (type instanceof Opaque object) {
            return Opaque.ofCall(object.kind());
        }
        if (type instanceof Global) {
            return DICTIONARIES.contains(type.toString()) ? new Dict() : Opaque.instance(type.toString());
        }
        throw input.invalid("an object's class is not a name: it is damaged");
    }

    /** An empty dictionary, or one from the pairs that Python 2 writes. */
    private Dict dictionary(List<Object> values) throws InvalidModelException {
        Dict dict = new Dict();
        for (Object value : values) {
            if (value instanceof Sequence list) {
                for (Object item : list.items()) {
                    if (!(item instanceof Sequence pair) || pair.items().size() != 2 || ++pairs > MOST_PAIRS) {
                        throw input.invalid("a dictionary is made of something else than pairs: it is damaged");
                    }
                    dict.put(pair.items().get(0), pair.items().get(1));
                }
            }
        }
        return dict;
    }

    /** Storage, offset, sizes, strides and what has no influence on the elements; in v3 the type comes seventh. */
    private PickleValue tensor(List<Object> values, boolean typed) throws InvalidModelException {
        if (values.size() < (typed ? 7 : 4)) {
            throw malformed();
        }
        if (values.get(0) instanceof Opaque unread) {
            return unread.kind().equals(OWN_FILE) ? Opaque.tensor("torch.Tensor") : unread;
        }
        if (!(values.get(0) instanceof Elements elements) || !(values.get(1) instanceof Long offset)) {
            throw malformed();
        }
        Storage storage = elements.storage();
        ElementType type = storage.type();
        if (typed) {
            if (!(values.get(6) instanceof Global other)) {
                throw malformed();
            }
            Optional<ElementType> named = type(other);
            if (named.isEmpty()) {
                return Opaque.tensor("tensor of the type " + other);
            }
            type = named.get();
        }
        if (elements.untyped()) {
            storage = new Storage(storage.key(), type, storage.byteCount() / type.bytes());
        } else if (type.bytes() != storage.type().bytes()) {
            throw malformed();
        }
        // Neither number can be so large in a tensor that is not damaged; the sum of larger ones could overflow.
        if (Math.abs((double) offset) > Integer.MAX_VALUE) {
            throw malformed();
        }
        return new Array(new StoredTensor(
                storage, type, elements.offset() + offset, numbers(values.get(2)), numbers(values.get(3))));
    }

    private static Optional<ElementType> type(Global type) {
        return type.module().equals("torch") ? ElementType.ofTorch(type.name()) : Optional.empty();
    }

    private List<Long> numbers(Object sequence) throws InvalidModelException {
        List<Long> numbers = new ArrayList<>();
        if (!(sequence instanceof Sequence items) || items.items().size() > MOST_DIMENSIONS) {
            throw malformed();
        }
        for (Object item : items.items()) {
            if (!(item instanceof Long number)) {
                throw malformed();
            }
            numbers.add(number);
        }
        return numbers;
    }

    private Object parameter(List<Object> values) throws InvalidModelException {
        if (!values.isEmpty() && (values.get(0) instanceof Array || values.get(0) instanceof Opaque)) {
            return values.get(0);
        }
        throw malformed();
    }

    /** A tensor with attributes or of a class of its own: the function that makes it, the class, arguments, attributes. */
    private Object ofType(List<Object> values) throws InvalidModelException {
        if (values.size() < 3 || !(values.get(2) instanceof Sequence arguments)) {
            throw malformed();
        }
        return switch (values.get(0).toString()) {
            case "torch._utils._rebuild_tensor_v2" -> tensor(arguments.items(), false);
            case "torch._utils._rebuild_tensor_v3" -> tensor(arguments.items(), true);
            default ->
                Opaque.instance(
                        values.get(1) instanceof Global type ? type.toString() : "torch._tensor._rebuild_from_type_v2");
        };
    }

    private InvalidModelException malformed() {
        return input.invalid("a tensor is not made of a storage, an offset, sizes and strides: it is damaged");
    }

    /** What {@code ('storage', class, key, device, elements[, (key, offset, elements)])} stands for. */
    Object persistent(Object id) throws InvalidModelException {
        List<Object> values = id instanceof Sequence sequence ? sequence.items() : List.of();
        if (values.size() > 1 && "module".equals(values.get(0))) {
            return values.get(1);
        }
        if (values.isEmpty() || !"storage".equals(values.get(0))) {
            return Opaque.instance("reference to something outside the pickle");
        }
        if (values.size() < 5
                || !(values.get(1) instanceof Global type)
                || !(values.get(2) instanceof String key)
                || !(values.get(4) instanceof Long count)) {
            throw input.invalid("a storage is not described as PyTorch does: it is damaged");
        }
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw input.invalid("storage " + Refusal.shown(key) + " has " + count + " elements");
        }
        boolean untyped = type.name().equals("UntypedStorage");
        Optional<ElementType> elements = untyped ? Optional.of(ElementType.UINT8) : storageType(type);
        if (elements.isEmpty()) {
            return Opaque.tensor(type.toString());
        }
        long offset = values.size() > 5 ? viewOffset(values.get(5)) : 0;
        return new Elements(declared(new Storage(key, elements.get(), count)), untyped, offset);
    }

    private Storage declared(Storage storage) throws InvalidModelException {
        Storage before = storages.putIfAbsent(storage.key(), storage);
        if (before != null && before.byteCount() != storage.byteCount()) {
            throw input.invalid("storage " + Refusal.shown(storage.key()) + " has " + storage.byteCount()
                    + " bytes here and " + before.byteCount() + " before");
        }
        return storage;
    }

    private static Optional<ElementType> storageType(Global type) {
        return type.module().equals("torch") || type.module().startsWith("torch.")
                ? ElementType.ofStorageClass(type.name())
                : Optional.empty();
    }

    /** Files before PyTorch 0.4 have storages that are parts of others. */
    private long viewOffset(Object view) throws InvalidModelException {
        if (!(view instanceof Sequence part)) {
            return 0;
        }
        if (part.items().size() == 3
                && part.items().get(1) instanceof Long offset
                && offset >= 0
                && offset <= Integer.MAX_VALUE) {
            return offset;
        }
        throw input.invalid("a part of a storage is not described as PyTorch does: it is damaged");
    }
}
