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
    private final boolean training;

    /** A process and what it runs networks on. */
    private record Place(String name, KernelLook look) {}

    private ExecutorKernels(List<Place> places, boolean training) {
        this.places = places;
        this.training = training;
    }

    static ExecutorKernels of(List<ExecutorReport> reports) {
        return new ExecutorKernels(
                reports.stream()
                        .map(report -> new Place(report.name(), report.kernels()))
                        .toList(),
                true);
    }

    /** This process alone, where cards train and only the averaged networks are measured on CPUs. */
    public static ExecutorKernels ofMeasuringDriver() {
        return ofMeasuringDriver(KernelLook.now());
    }

    static ExecutorKernels ofMeasuringDriver(KernelLook look) {
        return new ExecutorKernels(List.of(new Place(ExecutorReport.DRIVER, look)), false);
    }

    /** These and this process, which averages and measures what several executors train together. */
    public ExecutorKernels withDriver() {
        if (places.stream().anyMatch(place -> place.name().equals(ExecutorReport.DRIVER))) {
            return this;
        }
        List<Place> all = new ArrayList<>(places);
        all.add(new Place(ExecutorReport.DRIVER, KernelLook.now()));
        return new ExecutorKernels(all, training);
    }

    /** For people, on one line. */
    public String line() {
        String begin = training ? "Networks run on " : "Averaged networks are measured on ";
        Map<String, List<Place>> byLibrary = by(KernelLook::library);
        if (byLibrary.size() == 1) {
            return begin + byLibrary.keySet().iterator().next();
        }
        return byLibrary.entrySet().stream()
                .map(entry -> entry.getKey() + " in " + names(entry.getValue()))
                .collect(Collectors.joining("; ", begin, ""));
    }

    /** Which could be much faster and why they are not, a sentence for each reason; nothing where all is well. */
    public List<String> slow() {
        String cost = training
                ? ". ND4J's own operations train up to 37 times slower and round differently, and a trial begun with"
                        + " oneDNN can not go on with them"
                : ". ND4J's own operations measure up to 37 times slower and round differently";
        return by(KernelLook::whySlow).entrySet().stream()
                .map(entry -> "No oneDNN in " + names(entry.getValue()) + ": " + entry.getKey() + cost)
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
