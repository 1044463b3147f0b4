package org.focaldistill.spark;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.gpu.ExecutorKernels;
import org.focaldistill.spark.gpu.ExecutorReports;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.SlowKernels;

/** Keeps what runs on CPUs from being slow without a word. Nothing is said of what runs on GPUs. */
public final class TrainingKernels {
    private final SparkCluster cluster;
    private final Collection<Computation> computations;
    private final boolean inDriverToo;

    /**
     * @param cluster where
     * @param computations what is to be trained
     * @param inDriverToo whether networks run in the driver's process as well, on its CPUs, whatever trains them
     */
    public TrainingKernels(SparkCluster cluster, Collection<Computation> computations, boolean inDriverToo) {
        this.cluster = cluster;
        this.computations = computations;
        this.inDriverToo = inDriverToo;
    }

    /**
     * Says what networks run on; comes before anything is trained. Where that would be slow, and is to be refused, nothing is
     * run if there are others.
     *
     * @throws IOException if it is refused and there are no others, or the driver is among the slow ones; with where, why and
     *     what to do
     */
    public void require(SlowKernels choice, Console console) throws IOException {
        boolean onCpus = computations.contains(Computation.CPU_FP32);
        if (!onCpus && !inDriverToo) {
            return;
        }
        if (onCpus && choice == SlowKernels.REFUSE) {
            cluster.leaveOutSlow();
        }
        ExecutorKernels kernels = onCpus ? ofExecutors() : ExecutorKernels.ofMeasuringDriver();
        List<String> slow = kernels.slow();
        if (!slow.isEmpty() && choice == SlowKernels.REFUSE) {
            throw new IOException(String.join(System.lineSeparator(), slow) + System.lineSeparator()
                    + "Leave these out or mend them (focaldistill doctor, run there, says more), or train with them all"
                    + " the same: --set run.slowKernels=warn");
        }
        Stream.concat(Stream.of(kernels.line()), warnings(slow))
                .filter(ExecutorReports.OF_THIS_DRIVER::isNews)
                .forEach(console::line);
    }

    private ExecutorKernels ofExecutors() {
        ExecutorKernels kernels = ExecutorReports.OF_THIS_DRIVER.kernels();
        return inDriverToo ? kernels.withDriver() : kernels;
    }

    /** Says again, when all is trained, where it was slow: also in executors that came meanwhile. */
    public static void remind(Console console) {
        warnings(ExecutorReports.OF_THIS_DRIVER.kernelsSeen().slow()).forEach(console::line);
    }

    private static Stream<String> warnings(List<String> slow) {
        return slow.stream().map(sentence -> "WARNING: " + sentence);
    }
}
