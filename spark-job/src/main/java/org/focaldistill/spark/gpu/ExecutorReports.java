package org.focaldistill.spark.gpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the executors of the driver's application have told. */
public final class ExecutorReports {
    /** Those of the application that this process drives. */
    public static final ExecutorReports OF_THIS_DRIVER = new ExecutorReports();

    private final Map<String, ExecutorReport> reports = new ConcurrentHashMap<>();

    void clear() {
        reports.clear();
    }

    void add(ExecutorReport report) {
        reports.put(report.executor(), report);
    }

    /** Executors that have told anything. */
    public int count() {
        return reports.size();
    }

    /** The executors that were given a GPU which their networks would not run on. */
    public List<String> withIdleGpus() {
        return reports.values().stream()
                .filter(report -> report.gpu() != null && !report.cuda())
                .map(report -> "Executor " + report.executor() + " on " + report.host() + " got GPU " + report.gpu()
                        + ", but runs the build for CPUs and would train on its cores. Build for GPUs: mvn -Pcuda clean"
                        + " package; or leave out --gpu and " + GpuSettings.EXECUTOR_AMOUNT)
                .toList();
    }

    /** Whatever is wrong with the GPUs they got, a sentence each. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        Map<String, ExecutorReport> owners = new HashMap<>();
        for (ExecutorReport report : reports.values()) {
            String who = "Executor " + report.executor() + " on " + report.host();
            if (report.problem() != null) {
                problems.add(who + ": " + report.problem());
            } else if (report.gpu() != null) {
                ExecutorReport other = owners.putIfAbsent(report.gpuOfAll(), report);
                if (other != null) {
                    problems.add(who + " got GPU " + report.gpu() + ", which executor " + other.executor()
                            + " has for itself: two workers of that machine hand out the same GPU. Give each worker GPUs"
                            + " of its own with CUDA_VISIBLE_DEVICES or spark.worker.resourcesFile; to run several trials"
                            + " on one GPU set " + GpuSettings.TASK_AMOUNT + " below 1");
                }
            }
        }
        return problems;
    }
}
