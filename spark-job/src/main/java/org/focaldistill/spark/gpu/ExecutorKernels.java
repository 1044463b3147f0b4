package org.focaldistill.spark.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What networks run on in an application's executors, told once for all that are alike. */
public final class ExecutorKernels {
    private static final int MOST_NAMES = 3;

    private final List<Place> places;

    /** A process and what it runs networks on. */
    private record Place(String name, KernelLook look) {}

    private ExecutorKernels(List<Place> places) {
        this.places = places;
    }

    static ExecutorKernels of(List<ExecutorReport> reports) {
        return new ExecutorKernels(reports.stream()
                .map(report -> new Place(report.name(), report.kernels()))
                .toList());
    }

    /** These and this process, which averages and measures what several executors train together. */
    public ExecutorKernels withDriver() {
        if (places.stream().anyMatch(place -> place.name().equals(ExecutorReport.DRIVER))) {
            return this;
        }
        List<Place> all = new ArrayList<>(places);
        all.add(new Place(ExecutorReport.DRIVER, KernelLook.now()));
        return new ExecutorKernels(all);
    }

    /** For people, on one line. */
    public String line() {
        Map<String, List<Place>> byLibrary = by(KernelLook::library);
        if (byLibrary.size() == 1) {
            return "Networks run on " + byLibrary.keySet().iterator().next();
        }
        return byLibrary.entrySet().stream()
                .map(entry -> entry.getKey() + " in " + names(entry.getValue()))
                .collect(Collectors.joining("; ", "Networks run on ", ""));
    }

    /** Which could train much faster and why they do not, a sentence for each reason; nothing where all is well. */
    public List<String> slow() {
        return by(KernelLook::whySlow).entrySet().stream()
                .map(entry -> "No oneDNN in " + names(entry.getValue()) + ": " + entry.getKey()
                        + ". ND4J's own operations train up to 37 times slower and round differently, and a trial"
                        + " begun with oneDNN can not go on with them")
                .toList();
    }

    private Map<String, List<Place>> by(Function<KernelLook, @Nullable String> part) {
        return places.stream()
                .filter(place -> part.apply(place.look()) != null)
                .collect(Collectors.groupingBy(
                        place -> Objects.requireNonNull(part.apply(place.look())), TreeMap::new, Collectors.toList()));
    }

    private static String names(List<Place> places) {
        String some =
                places.stream().limit(MOST_NAMES).map(Place::name).sorted().collect(Collectors.joining(", "));
        int more = places.size() - MOST_NAMES;
        return more > 0 ? some + " and " + more + " more" : some;
    }
}
