package org.focaldistill.spark.gpu;

import java.io.IOException;
import org.apache.spark.SparkConf;

/** Spark's settings of GPUs: one an executor, whole or shared by several of its tasks. */
public final class GpuSettings {
    /** GPUs of an executor. */
    public static final String EXECUTOR_AMOUNT = "spark.executor.resource.gpu.amount";
    /** GPUs of a task, or its share of one. */
    public static final String TASK_AMOUNT = "spark.task.resource.gpu.amount";

    private GpuSettings() {}

    /** Whether tasks run in the driver's own process. */
    public static boolean isLocal(SparkConf conf) {
        String master = conf.get("spark.master", "local");
        return master.equals("local") || master.startsWith("local[");
    }

    /**
     * Refuses amounts that Spark would wait for or hand out other than meant, and completes the others: a task takes a
     * whole GPU unless told otherwise, and an executor no more cores than it has tasks, as it would take all of a worker
     * and leave the worker's other GPUs idle.
     *
     * @throws IOException with what to set
     */
    public static void complete(SparkConf conf) throws IOException {
        boolean executor = conf.contains(EXECUTOR_AMOUNT);
        boolean task = conf.contains(TASK_AMOUNT);
        if (!executor && !task) {
            return;
        }
        if (isLocal(conf)) {
            throw new IOException("Cannot use " + (executor ? EXECUTOR_AMOUNT : TASK_AMOUNT) + " with the master "
                    + conf.get("spark.master", "local") + ": Spark hands out no GPUs in local mode and would wait for"
                    + " ever. Leave it out; a local run uses GPU 0, or the first that CUDA_VISIBLE_DEVICES names");
        }
        if (!conf.get(EXECUTOR_AMOUNT, "").equals("1")) {
            throw new IOException("Cannot use " + EXECUTOR_AMOUNT + " = " + conf.get(EXECUTOR_AMOUNT, "(not set)")
                    + ": an executor is one process, and a process is bound to one GPU. Set " + EXECUTOR_AMOUNT
                    + "=1; a machine gets as many executors as it has GPUs");
        }
        conf.setIfMissing(TASK_AMOUNT, "1");
        int tasks = tasksPerGpu(conf.get(TASK_AMOUNT));
        conf.setIfMissing("spark.executor.cores", Integer.toString(tasks * conf.getInt("spark.task.cpus", 1)));
    }

    /**
     * How many tasks an executor runs at a time.
     *
     * @param cores it has for tasks
     */
    public static int slots(SparkConf conf, int cores) {
        int byCores = Math.max(1, cores / conf.getInt("spark.task.cpus", 1));
        if (!conf.contains(TASK_AMOUNT)) {
            return byCores;
        }
        return Math.min(byCores, (int) Math.floor(1 / conf.getDouble(TASK_AMOUNT, 1)));
    }

    private static int tasksPerGpu(String amount) throws IOException {
        try {
            double share = Double.parseDouble(amount);
            if (share == 1 || (share > 0 && share <= 0.5)) {
                return (int) Math.floor(1 / share);
            }
        } catch (NumberFormatException e) {
            // Refused below, as any other amount.
        }
        throw new IOException("Cannot use " + TASK_AMOUNT + " = " + amount
                + ": a trial takes a GPU (1) or a share that fits into it at least twice (0.5, 0.25, ...)");
    }
}
