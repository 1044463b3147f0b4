package org.focaldistill.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.focaldistill.weights.NamedTensors.Named;
import org.focaldistill.weights.PickleValue.Opaque;

/** The tensors of a file after one prefix, held against those a network expects. */
final class Candidate {
    private final NamedTensors file;
    private final Map<String, long[]> expected;
    private final String prefix;
    private final Map<String, Named> fitting = new LinkedHashMap<>();
    private final Set<String> folders = new LinkedHashSet<>();
    /** What stands where tensors should, by their names. */
    private final Map<String, Opaque> misplaced = new LinkedHashMap<>();

    private final List<String> missing = new ArrayList<>();
    private final List<String> extra = new ArrayList<>();
    private final List<String> misshapen = new ArrayList<>();

    /**
     * @param inAnother whether a path belongs to another network, so that it is none left over of this one
     */
    Candidate(NamedTensors file, Map<String, long[]> expected, String prefix, Predicate<String> inAnother) {
        this.file = file;
        this.expected = expected;
        this.prefix = prefix;
        expected.forEach(this::look);
        file.tensors().forEach((path, named) -> {
            if (isLeftOver(path, named) && !inAnother.test(path)) {
                extra.add(path.substring(prefix.length()));
            }
        });
    }

    private void look(String name, long[] shape) {
        Named named = file.tensors().get(prefix + name);
        if (named == null) {
            Opaque object = file.objects().get(prefix + name);
            if (object == null) {
                missing.add(name);
            } else {
                misplaced.put(name, object);
            }
            return;
        }
        folders.add(named.folder());
        if (Arrays.equals(named.tensor().extents(), shape)) {
            fitting.put(name, named);
        } else {
            misshapen.add(name + " should be " + Arrays.toString(shape) + ", found "
                    + named.tensor().shape());
        }
    }

    private boolean isLeftOver(String path, Named named) {
        return path.startsWith(prefix)
                && folders.contains(named.folder())
                && !expected.containsKey(path.substring(prefix.length()))
                && !path.endsWith("num_batches_tracked");
    }

    String prefix() {
        return prefix;
    }

    /** The tensors of the expected names and shapes, in the expected order. */
    Map<String, Named> fitting() {
        return fitting;
    }

    /** The dictionary that holds the tensors, or if there are more than one, the one that holds these. */
    String where() {
        String folder = folders.iterator().next();
        if (folder.isEmpty() || prefix.startsWith(folder + ".")) {
            return folder;
        }
        return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
    }

    /** What comes before the names in {@link #where}. */
    String prefixThere() {
        return where().isEmpty() ? prefix : prefix.substring(where().length() + 1);
    }

    boolean fits() {
        return problemCount() == 0;
    }

    int problemCount() {
        return missing.size() + misplaced.size() + extra.size() + misshapen.size();
    }

    List<StoredTensor> stored() {
        return fitting.values().stream().map(Named::tensor).toList();
    }

    String problems() {
        List<String> parts = new ArrayList<>();
        parts.add("its tensors do not fit the network; the closest"
                + (prefix.isEmpty() ? "" : ", after the prefix '" + Refusal.shown(prefix) + "',") + " have "
                + (expected.size() - missing.size()) + " of " + expected.size() + " names");
        addProblem(parts, "missing", missing);
        addProblem(parts, "not expected", extra);
        addProblem(parts, "of another shape", misshapen);
        List<String> objects = new ArrayList<>();
        misplaced.forEach((name, object) -> objects.add(TensorWalk.label(name, object.kind())));
        addProblem(parts, "no tensors", objects);
        return String.join("; ", parts) + advice();
    }

    private String advice() {
        if (!misplaced.isEmpty()) {
            return Misplaced.reason(misplaced.values());
        }
        if (missing.isEmpty() && extra.isEmpty()) {
            return ". Is it for another architecture or number of classes?";
        }
        if (!missing.isEmpty() && missing.stream().allMatch(Candidate::isStatistic)) {
            return ". These are the running statistics of batch norms, without which nothing can be evaluated: was it saved"
                    + " from parameters() or with track_running_stats=False? Save the model's state_dict()";
        }
        return ". Names must be the same, nothing is translated: is it another architecture, or does the file's program"
                + " name its layers otherwise?";
    }

    private static boolean isStatistic(String name) {
        return name.endsWith(".running_mean") || name.endsWith(".running_var");
    }

    private void addProblem(List<String> parts, String what, List<String> names) {
        if (!names.isEmpty()) {
            parts.add(what + " (" + names.size() + "): " + String.join(", ", Shortened.list(names)));
        }
    }
}
