package org.focaldistill.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.focaldistill.nn.backend.CudaDevice;
import org.focaldistill.nn.backend.KernelLibraries;
import org.focaldistill.nn.backend.NativeFolder;
import org.focaldistill.nn.backend.NativeLimit;
import org.focaldistill.nn.backend.NativeNeeds;
import org.focaldistill.spark.gpu.Engines;
import org.focaldistill.text.Causes;
import org.focaldistill.zoo.Architecture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Check what this machine can do.",
        descriptionHeading = "%n",
        description = {
            "Prints versions, processors and memory, which backend and engine networks run on here, and what stands in"
                    + " the way of full speed. Run it as you run sweeps: through the same script.",
            ""
        },
        optionListHeading = "Options:%n")
final class DoctorCommand implements Callable<Integer> {
    private static final double GIB = 1L << 30;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Runtime runtime = Runtime.getRuntime();
        line(out, "FocalDistill", Version.code());
        line(
                out,
                "Java",
                Runtime.version() + " on " + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        line(out, "Spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
        line(out, "processors", Integer.toString(runtime.availableProcessors()));
        line(out, "Java heap", String.format(Locale.ROOT, "%.1f GiB at most", runtime.maxMemory() / GIB));
        line(out, "other memory", otherMemory());
        boolean healthy = threads(out);
        line(out, "card", Engines.describeCard());
        return gpu(out) && backend(out) && healthy ? ExitCode.OK : ExitCode.BAD_INPUT;
    }

    /** In batches of 64, as the usual recipe has them. */
    private static String otherMemory() {
        long room = Math.max(0, NativeLimit.bytes() - NativeNeeds.OF_PROCESS);
        return String.format(
                Locale.ROOT,
                "%.1f GiB for what trials on CPUs take outside the Java heap: at a time about %s",
                room / GIB,
                Architecture.modelNames().stream()
                        .map(model -> room
                                        / NativeNeeds.ofStudent(
                                                Architecture.named(model).network(100), 64)
                                + " of " + model)
                        .collect(Collectors.joining(", or ")));
    }

    /** One native thread a slot: teams of threads from several slots on the same cores slow each other down. */
    private static boolean threads(PrintWriter out) {
        String value = System.getenv("OMP_NUM_THREADS");
        if ("1".equals(value)) {
            line(out, "native threads", "1 a slot");
        } else {
            line(
                    out,
                    "native threads",
                    "OMP_NUM_THREADS is " + (value == null ? "not set" : value)
                            + ". Trials that run side by side are faster with one each: export OMP_NUM_THREADS=1"
                            + " (on a cluster: spark.executorEnv.OMP_NUM_THREADS=1)");
        }
        return true;
    }

    /** Before the backend loads: on a GPU that it has no kernels for, its own errors do not say so. */
    private static boolean gpu(PrintWriter out) {
        if (!CudaDevice.isWanted()) {
            return true;
        }
        try {
            line(out, "GPU", "compute capability " + CudaDevice.requireUsable());
            return true;
        } catch (IllegalStateException e) {
            line(out, "GPU", "not usable: " + e.getMessage());
            return false;
        }
    }

    private static boolean backend(PrintWriter out) {
        try {
            line(out, "backend", KernelLibraries.backend());
            line(out, "layers run on", KernelLibraries.description());
            String slow = KernelLibraries.whySlow();
            if (slow != null) {
                line(
                        out,
                        "speed",
                        "up to 37 times slower than with oneDNN, so that sweeps run nothing here unless run.slowKernels"
                                + " = warn: " + slow);
            }
            return slow == null;
        } catch (LinkageError | RuntimeException e) {
            String folder = NativeFolder.problem();
            line(
                    out,
                    "backend",
                    "does not load: "
                            + (folder != null
                                    ? folder
                                    : Causes.sentence(e)
                                            + ". Natives are included for 64-bit x86 Linux with glibc; is this one?"));
            return false;
        }
    }

    private static void line(PrintWriter out, String what, String value) {
        out.printf(Locale.ROOT, "%-15s %s%n", what, value);
    }
}
