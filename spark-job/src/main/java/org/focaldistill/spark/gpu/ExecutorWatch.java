package org.focaldistill.spark.gpu;

import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/** Tells what Spark knows of executors, beside what they tell themselves. */
final class ExecutorWatch extends SparkListener {
    private final ExecutorReports reports;

    ExecutorWatch(ExecutorReports reports) {
        this.reports = reports;
    }

    @Override
    public void onExecutorAdded(SparkListenerExecutorAdded added) {
        reports.registered(added.executorId(), added.executorInfo().totalCores());
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
        reports.removed(removed.executorId(), removed.reason());
    }
}
