package org.focaldistill.weights;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.focaldistill.weights.NamedTensors.Named;
import org.jspecify.annotations.Nullable;

/** Finds a network's tensors among those of a file: the prefix after which all their names follow. */
final class NameMatcher {
    /** A network of a billion bytes. */
    private static final int MOST_ELEMENTS = 1 << 28;

    private final NamedTensors file;
    private final Map<String, long[]> expected;
    private final Refusal refusal;
    /** How many of the expected names follow each prefix. */
    private final Map<String, Integer> found = new LinkedHashMap<>();

    NameMatcher(NamedTensors file, Map<String, long[]> expected, Refusal refusal) {
        this.file = file;
        this.expected = new LinkedHashMap<>(expected);
        this.refusal = refusal;
        file.tensors().keySet().forEach(this::countPrefixes);
        file.objects().keySet().forEach(this::countPrefixes);
    }

    private void countPrefixes(String path) {
        for (int start = 0; start >= 0; start = after(path.indexOf('.', start))) {
            if (expected.containsKey(path.substring(start))) {
                found.merge(path.substring(0, start), 1, Integer::sum);
            }
        }
    }

    private static int after(int dot) {
        return dot < 0 ? dot : dot + 1;
    }

    ForeignWeights.Match match(@Nullable String prefix) throws InvalidModelException {
        Candidate candidate = prefix == null ? best() : given(prefix);
        if (!candidate.fits()) {
            throw refusal.because(candidate.problems());
        }
        return read(candidate);
    }

    private Candidate given(String prefix) throws InvalidModelException {
        String dotted = prefix.isEmpty() || prefix.endsWith(".") ? prefix : prefix + ".";
        if (!found.containsKey(dotted)) {
            throw refusal.because("none of the network's tensors follows the prefix '" + Refusal.shown(dotted) + "'; "
                    + (found.isEmpty() ? names() : "of those after " + quoted(found.keySet()) + " there are some"));
        }
        return candidate(dotted);
    }

    private Candidate best() throws InvalidModelException {
        if (found.isEmpty()) {
            throw refusal.because("none of the network's " + expected.size()
                    + " tensors is there under its name; the names must be the same, nothing is translated. "
                    + names());
        }
        int most = found.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
        List<Candidate> candidates = found.keySet().stream()
                .filter(prefix -> Objects.equals(found.get(prefix), most))
                .map(this::candidate)
                .sorted(Comparator.comparingInt(Candidate::problemCount)
                        .thenComparingInt(c -> c.prefix().length()))
                .toList();
        Candidate first = candidates.get(0);
        if (first.fits()) {
            requireNoOther(first, candidates);
        }
        return first;
    }

    /** Two sets of names for the same tensors, such as those of a model that was saved twice, are no choice. */
    private void requireNoOther(Candidate first, List<Candidate> candidates) throws InvalidModelException {
        List<String> prefixes = candidates.stream()
                .filter(Candidate::fits)
                .filter(other -> other == first || !other.stored().equals(first.stored()))
                .map(other -> other.prefix())
                .toList();
        if (prefixes.size() > 1) {
            throw refusal.because("more than one set of tensors fits the network: those after " + quoted(prefixes)
                    + "; say which with --prefix");
        }
    }

    private String names() {
        List<String> unread = file.others().entrySet().stream()
                .filter(other -> !other.getValue().isEmpty())
                .map(other -> TensorWalk.label(other.getKey(), other.getValue()))
                .toList();
        return "The file's names begin so: "
                + String.join(", ", Shortened.list(file.tensors().keySet()))
                + (unread.isEmpty()
                        ? ""
                        : ". Not looked into are objects: " + String.join(", ", Shortened.list(unread))
                                + "; if the network is in one, save its state_dict()");
    }

    private static String quoted(Iterable<String> prefixes) {
        List<String> quoted = new ArrayList<>();
        prefixes.forEach(prefix -> quoted.add("'" + Refusal.shown(prefix) + "'"));
        return String.join(", ", Shortened.list(quoted));
    }

    private Candidate candidate(String prefix) {
        return new Candidate(file, expected, prefix, path -> inAnother(path, prefix));
    }

    /** Whether a path belongs to another complete network whose names have this prefix and more. */
    private boolean inAnother(String path, String prefix) {
        for (int dot = path.indexOf('.', prefix.length()); dot >= 0; dot = path.indexOf('.', dot + 1)) {
            if (Objects.equals(found.get(path.substring(0, dot + 1)), expected.size())) {
                return true;
            }
        }
        return false;
    }

    private ForeignWeights.Match read(Candidate candidate) throws InvalidModelException {
        requireReadable(candidate);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, Integer> types = new LinkedHashMap<>();
        Map<Storage, ByteBuffer> open = new HashMap<>();
        for (Map.Entry<String, Named> entry : candidate.fitting().entrySet()) {
            StoredTensor tensor = entry.getValue().tensor();
            ByteBuffer data = open.get(tensor.storage());
            if (data == null) {
                data = file.bytes().of(tensor.storage());
                open.put(tensor.storage(), data);
            }
            tensors.put(entry.getKey(), tensor.read(data, candidate.prefix() + entry.getKey(), refusal));
            types.merge(tensor.type().torch(), 1, Integer::sum);
        }
        return new ForeignWeights.Match(
                tensors,
                candidate.where(),
                candidate.prefixThere(),
                new LeftOver(file, candidate.prefix(), expected.keySet()).list(),
                types);
    }

    private void requireReadable(Candidate candidate) throws InvalidModelException {
        long elements = 0;
        for (Map.Entry<String, Named> entry : candidate.fitting().entrySet()) {
            StoredTensor tensor = entry.getValue().tensor();
            String name = Refusal.shown(candidate.prefix() + entry.getKey());
            if (!tensor.type().floating()) {
                throw refusal.because("tensor " + name + " has the type "
                        + tensor.type().torch() + ", where floating point numbers belong");
            }
            elements += tensor.elements(MOST_ELEMENTS);
            if (elements > MOST_ELEMENTS) {
                throw refusal.because("tensor " + name + " of shape " + tensor.shape()
                        + " makes the model larger than the " + MOST_ELEMENTS + " elements that are read");
            }
        }
    }
}
