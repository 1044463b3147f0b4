package org.focaldistill.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.focaldistill.weights.NamedTensors.Named;

/** What a file holds beside a network's tensors. */
final class LeftOver {
    private final NamedTensors file;
    private final String prefix;
    private final Set<String> used;
    private int counters;
    private final List<String> tensors = new ArrayList<>();
    /** How many tensors there are in the entries that have none of the network's. */
    private final Map<String, Integer> entries = new LinkedHashMap<>();

    /**
     * @param prefix what comes before the names of the network's tensors
     * @param used these names
     */
    LeftOver(NamedTensors file, String prefix, Set<String> used) {
        this.file = file;
        this.prefix = prefix;
        this.used = used;
    }

    /** A line for each tensor and entry, or the first of them. */
    List<String> list() {
        file.others().keySet().forEach(key -> entries.put(key, 0));
        file.tensors().forEach((path, named) -> {
            if (isUsed(path)) {
                entries.remove(named.top());
            }
        });
        file.tensors().forEach(this::sort);
        List<String> lines = new ArrayList<>();
        if (counters > 0) {
            lines.add(counters + (counters == 1 ? " counter" : " counters") + " num_batches_tracked");
        }
        entries.forEach((key, count) -> lines.add(
                count == 0
                        ? TensorWalk.label(key, file.others().getOrDefault(key, ""))
                        : key + " (" + count + (count == 1 ? " tensor)" : " tensors)")));
        lines.addAll(tensors);
        return Shortened.list(lines);
    }

    private boolean isUsed(String path) {
        return path.startsWith(prefix) && used.contains(path.substring(prefix.length()));
    }

    private void sort(String path, Named named) {
        if (isUsed(path)) {
            return;
        }
        if (entries.containsKey(named.top())) {
            entries.merge(named.top(), 1, Integer::sum);
        } else if (path.endsWith("num_batches_tracked")) {
            counters++;
        } else {
            tensors.add(path);
        }
    }
}
