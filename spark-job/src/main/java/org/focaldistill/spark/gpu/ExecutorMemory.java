package org.focaldistill.spark.gpu;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.focaldistill.nn.backend.NativeNeeds;

/**
 * The least memory that an executor has for what it trains on CPUs.
 *
 * @param bytes outside its Java heap, beside what every process takes
 * @param executor which it is, within a sentence
 */
public record ExecutorMemory(long bytes, String executor) {

    /** Executors of one machine share it, whatever each is allowed. */
    static ExecutorMemory least(Collection<ExecutorReport> reports) {
        return byExecutor(reports).values().stream()
                .min(Comparator.comparingLong(ExecutorMemory::bytes).thenComparing(ExecutorMemory::executor))
                .orElseThrow(() -> new IllegalStateException("No executor has told what memory it has"));
    }

    /** What each has, by Spark's ids. */
    static Map<String, ExecutorMemory> byExecutor(Collection<ExecutorReport> reports) {
        Map<String, List<ExecutorReport>> byHost =
                reports.stream().collect(Collectors.groupingBy(ExecutorReport::host));
        return reports.stream()
                .collect(Collectors.toMap(
                        ExecutorReport::executor,
                        report -> new ExecutorMemory(
                                of(report, byHost.getOrDefault(report.host(), List.of())), report.name())));
    }

    private static long of(ExecutorReport report, List<ExecutorReport> ofHost) {
        long heaps = ofHost.stream().mapToLong(each -> each.memory().heap()).sum();
        long share = (report.memory().machine() - heaps) / Math.max(1, ofHost.size());
        // A container's machine is the container.
        long machine = ofHost.size() > 1 ? share : Long.MAX_VALUE;
        return Math.max(0, Math.min(report.memory().outsideHeap(), machine) - NativeNeeds.OF_PROCESS);
    }
}
