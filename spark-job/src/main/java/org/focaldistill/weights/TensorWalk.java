package org.focaldistill.weights;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.focaldistill.weights.PickleValue.Array;
import org.focaldistill.weights.PickleValue.Dict;
import org.focaldistill.weights.PickleValue.Opaque;
import org.focaldistill.weights.PickleValue.Sequence;

/** Finds the tensors in the dictionaries and lists of a pickle and gives them dotted paths. */
final class TensorWalk {
    private static final int DEEPEST = 32;
    private static final int LONGEST_PATH = 400;
    /** A dictionary may lie in many others, so that there are far more paths than objects. */
    private static final int MOST_VISITS = 4_000_000;

    private static final int MOST_CHARACTERS = 4_000_000;
    /** More than a network has tensors, in whose place they could stand. */
    private static final int MOST_OBJECTS = 20_000;

    private final Refusal refusal;
    private final Map<String, NamedTensors.Named> tensors = new LinkedHashMap<>();
    private final Map<String, Opaque> objects = new LinkedHashMap<>();
    private final Map<String, String> others = new LinkedHashMap<>();
    private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private int visits;
    private int characters;

    private TensorWalk(Refusal refusal) {
        this.refusal = refusal;
    }

    /**
     * Finds the tensors in what a pickle holds.
     *
     * @throws InvalidModelException if there are none, or one lies outside its storage, or two have the same path
     */
    static NamedTensors find(Object value, StorageBytes bytes, Refusal refusal) throws InvalidModelException {
        TensorWalk walk = new TensorWalk(refusal);
        walk.enter(value, "", "");
        if (walk.tensors.isEmpty()) {
            throw refusal.because(walk.without(value));
        }
        return new NamedTensors(walk.tensors, walk.objects, walk.others, bytes);
    }

    /** What a pickle holds that is no file of torch.save, and what to do about it. */
    static String withoutTensors(Object value, Refusal refusal) throws InvalidModelException {
        TensorWalk walk = new TensorWalk(refusal);
        walk.enter(value, "", "");
        return walk.without(value);
    }

    private String without(Object value) {
        List<Opaque> found = new ArrayList<>(objects.values());
        if (value instanceof Opaque object) {
            found.add(object);
        }
        List<Opaque> unread = found.stream().filter(Opaque::isTensor).toList();
        return "it holds no tensors by name, but " + described(value)
                + Misplaced.reason(unread.isEmpty() ? found : unread);
    }

    private String described(Object value) {
        if (value instanceof Opaque object) {
            return (object.isOfCall() ? "what is made by " : "an object of the class ") + Refusal.shown(object.kind());
        }
        return others.isEmpty()
                ? "a single value"
                : Refusal.shown("the entries "
                        + others.entrySet().stream()
                                .limit(5)
                                .map(entry -> label(entry.getKey(), entry.getValue()))
                                .toList());
    }

    /** A key and its kind, if there is one to tell. */
    static String label(String key, String kind) {
        return Refusal.shown(kind.isEmpty() ? key : key + " (" + kind + ")");
    }

    private void enter(Object value, String folder, String top) throws InvalidModelException {
        if (open.size() > DEEPEST) {
            throw refusal.because(
                    "its entry " + Refusal.shown(folder) + " is nested deeper than " + DEEPEST + " levels");
        }
        if (!open.add(value)) {
            return;
        }
        if (value instanceof Dict dict) {
            for (Map.Entry<Object, Object> item : dict.items().entrySet()) {
                String key = key(item.getKey());
                note(key, item.getValue(), folder);
                visit(key, item.getValue(), folder, top);
            }
        } else if (value instanceof Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                visit(Integer.toString(i), sequence.items().get(i), folder, top);
            }
        }
        open.remove(value);
    }

    private void note(String key, Object value, String folder) {
        boolean noted = objects.size() < MOST_OBJECTS && folder.length() + key.length() < LONGEST_PATH;
        if (noted && value != Opaque.NONE && !(value instanceof Array || value instanceof Dict)) {
            objects.putIfAbsent(
                    folder.isEmpty() ? key : folder + "." + key,
                    value instanceof Opaque object ? object : Opaque.instance(kind(value)));
        }
    }

    private static String kind(Object value) {
        return value instanceof Sequence ? "list" : value instanceof String ? "text" : "number";
    }

    private static String key(Object key) {
        return key instanceof String || key instanceof Number || key instanceof Boolean ? key.toString() : "?";
    }

    private void visit(String key, Object value, String folder, String topOrNone) throws InvalidModelException {
        if (++visits > MOST_VISITS) {
            throw refusal.because("it has more than " + MOST_VISITS + " entries, most of them the same ones again");
        }
        boolean atTop = open.size() == 1;
        String top = atTop ? key : topOrNone;
        if (value instanceof Array array) {
            add(path(folder, key), array.tensor(), folder, top);
            return;
        }
        if (atTop) {
            others.put(key, value instanceof Opaque object && object != Opaque.NONE ? object.kind() : "");
        }
        if (value instanceof Dict || value instanceof Sequence) {
            enter(value, path(folder, key), top);
        }
    }

    private String path(String folder, String key) throws InvalidModelException {
        int length = folder.length() + 1 + key.length();
        characters += length;
        if (length > LONGEST_PATH || characters > MOST_CHARACTERS) {
            throw refusal.because(
                    "the names " + (folder.isEmpty() ? "at its top" : "in its entry " + Refusal.shown(folder))
                            + " are too long: at most " + LONGEST_PATH + " characters each and " + MOST_CHARACTERS
                            + " together are read");
        }
        return folder.isEmpty() ? key : folder + "." + key;
    }

    private void add(String path, StoredTensor tensor, String folder, String top) throws InvalidModelException {
        tensor.requireInside(path, refusal);
        NamedTensors.Named before = tensors.putIfAbsent(path, new NamedTensors.Named(tensor, folder, top));
        if (before != null && !before.tensor().equals(tensor)) {
            throw refusal.because("it has two tensors of the name " + Refusal.shown(path));
        }
    }
}
