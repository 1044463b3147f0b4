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

/** The tensors of a file after one prefix, held against those a network expects. */
final class Candidate {
    private final NamedTensors file;
    private final Map<String, long[]> expected;
    private final String prefix;
    private final Map<String, Named> fitting = new LinkedHashMap<>();
    private final Set<String> folders = new LinkedHashSet<>();
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
            missing.add(name);
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
        boolean counter =
                path.endsWith("num_batches_tracked") && !named.tensor().type().floating();
        return path.startsWith(prefix)
                && folders.contains(named.folder())
                && !expected.containsKey(path.substring(prefix.length()))
                && !counter;
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
        return missing.size() + extra.size() + misshapen.size();
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
        String advice = missing.isEmpty() && extra.isEmpty()
                ? ". Is it for another architecture or number of classes?"
                : ". Names must be the same, nothing is translated: is it another architecture, or does the file's"
                        + " program name its layers otherwise?";
        return String.join("; ", parts) + advice;
    }

    private void addProblem(List<String> parts, String what, List<String> names) {
        if (!names.isEmpty()) {
            parts.add(what + " (" + names.size() + "): " + String.join(", ", Shortened.list(names)));
        }
    }
}
