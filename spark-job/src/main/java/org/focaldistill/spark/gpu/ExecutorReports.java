package org.focaldistill.spark.gpu;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.EngineChoice;
import org.focaldistill.sweep.NumericsChoice;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/** What the executors of the driver's application have told. */
public final class ExecutorReports {
    /** Those of the application that this process drives. */
    public static final ExecutorReports OF_THIS_DRIVER = new ExecutorReports();

    private final Map<String, ExecutorReport> reports = new ConcurrentHashMap<>();
    /** Of those that Spark has registered, which is not all of those that have reported, nor the other way round. */
    private final Map<String, Integer> cores = new ConcurrentHashMap<>();

    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Set<String> leftOut = ConcurrentHashMap.newKeySet();
    /** Those that are left out while another one has their GPU. */
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();

    /** Of all that have ever reported. */
    private final Map<String, Place> places = new ConcurrentHashMap<>();

    private @Nullable ExecutorFollower follower;

    /**
     * Where an executor runs, or ran.
     *
     * @param host its machine
     * @param device what it was given: {@code gpu N} or {@code cpu}
     */
    public record Place(String host, String device) {}

    /**
     * An executor that can not do what is asked of it.
     *
     * @param executor Spark's id of it
     * @param who it, at the begin of a sentence
     * @param what the rest of the sentence
     */
    public record Unfit(String executor, String who, String what) {
        /** For people. */
        public String sentence() {
            return who + what;
        }

        /** The same where it is known who is spoken of. */
        public String why() {
            return what.startsWith(": ") ? what.substring(2) : "it" + what;
        }
    }

    /**
     * Who of those that compute can not do what is asked.
     *
     * @param unfit those
     * @param executors all that were asked, as executors come and go
     */
    public record Judged(List<Unfit> unfit, int executors) {
        /** Whether none is left that can. */
        public boolean isAll() {
            return !unfit.isEmpty() && unfit.size() == executors;
        }
    }

    synchronized void clear() {
        leftOut.clear();
        waiting.clear();
        reports.clear();
        cores.clear();
        places.clear();
        told.clear();
        follower = null;
    }

    /** Whether this is the first time in the application that something of its executors is to be told. */
    public boolean isNews(String sentence) {
        return told.add(sentence);
    }

    synchronized void add(ExecutorReport report) {
        reports.put(report.executor(), report);
        places.put(report.executor(), new Place(report.host(), report.gpu() == null ? "cpu" : "gpu " + report.gpu()));
        tellIfThere(report.executor());
    }

    synchronized void registered(String executor, int coresOfIt) {
        cores.put(executor, coresOfIt);
        tellIfThere(executor);
    }

    synchronized void removed(String executor, String reason) {
        boolean was = isThere(executor);
        reports.remove(executor);
        leftOut.remove(executor);
        waiting.remove(executor);
        cores.remove(executor);
        if (was && follower != null) {
            follower.went(executor, reason);
        }
        List<String> freed =
                waiting.stream().filter(other -> ownerOfGpu(other) == null).toList();
        freed.forEach(other -> {
            waiting.remove(other);
            leftOut.remove(other);
            tellIfThere(other);
        });
    }

    /** One that is stuck in its start has registered and does not report. */
    private boolean isThere(String executor) {
        return reports.containsKey(executor) && cores.containsKey(executor);
    }

    private void tellIfThere(String executor) {
        ExecutorReport report = reports.get(executor);
        Integer ofIt = cores.get(executor);
        if (report != null && ofIt != null && follower != null) {
            follower.came(executor, report.host(), ofIt);
        }
    }

    /** Tells of the executors that are there, and of each that comes or goes from now on. */
    public synchronized void follow(ExecutorFollower newFollower) {
        follower = newFollower;
        cores.keySet().forEach(this::tellIfThere);
    }

    /** Where an executor is or, if it is gone, was; null if it has never reported. */
    public @Nullable Place place(String executor) {
        return places.get(executor);
    }

    /**
     * Why an executor that came can not be used for these; null if it can.
     *
     * @param slowRefused whether one that would compute slowly can not
     */
    public @Nullable String against(Set<Computation> computations, boolean slowRefused, String executor) {
        ExecutorReport report = reports.get(executor);
        if (report == null || report.problem() != null) {
            return report == null ? null : report.problem();
        }
        ExecutorReport owner = ownerOfGpu(executor);
        if (owner != null) {
            return "it" + Unfitness.shares(report, owner);
        }
        if (slowRefused
                && computations.contains(Computation.CPU_FP32)
                && report.kernels().whySlow() != null) {
            return "it" + Unfitness.slowly(report.kernels());
        }
        return computations.stream()
                .map(computation -> Unfitness.against(computation, report))
                .filter(Objects::nonNull)
                .map(problem -> "it" + problem)
                .findFirst()
                .orElse(null);
    }

    /** The other one that computes on an executor's GPU; null if none does. */
    private @Nullable ExecutorReport ownerOfGpu(String executor) {
        ExecutorReport report = reports.get(executor);
        return report == null || report.gpu() == null
                ? null
                : used().stream()
                        .filter(other -> !other.executor().equals(executor)
                                && isThere(other.executor())
                                && other.gpu() != null
                                && other.gpuOfAll().equals(report.gpuOfAll()))
                        .findFirst()
                        .orElse(null);
    }

    /**
     * Nothing is computed on an executor: it is not asked what it can do, and counts for nothing. One whose GPU another one has
     * comes again when that one is gone.
     */
    public synchronized void leaveOut(String executor) {
        leftOut.add(executor);
        if (ownerOfGpu(executor) != null) {
            waiting.add(executor);
        }
    }

    /** Those that compute, in a fixed order. */
    private List<ExecutorReport> used() {
        return reports.values().stream()
                .filter(report -> !leftOut.contains(report.executor()))
                .sorted(Comparator.comparing(ExecutorReport::name))
                .toList();
    }

    /** Executors that have told anything, and are not left out. */
    public int count() {
        return used().size();
    }

    /**
     * What the executors are to compute with.
     *
     * @throws IOException if AUTO does not say it: some have cards that can be used and others have not, though Spark handed
     *     out none, or none of those that it handed out can be used; or if the engine does not compute in these numbers
     */
    public Computation choose(EngineChoice engine, NumericsChoice numerics) throws IOException {
        Computation chosen = switch (engine) {
            case CPU -> Computation.CPU_FP32;
            case CUDA -> Computation.CUDA_TF32;
            case ND4J_CUDA -> Computation.ND4J_CUDA_FP32;
            case AUTO -> chooseByExecutors();
        };
        if (numerics == NumericsChoice.AUTO) {
            return chosen;
        }
        Computation wanted = new Computation(chosen.engine(), Words.of(numerics));
        if (!chosen.onCard() && !wanted.equals(chosen)) {
            throw new IOException("Cannot compute in " + wanted.numerics() + " with the engine " + wanted.engine()
                    + ", which computes in fp32. Set run.numerics = auto, or run.engine = cuda where there is a card");
        }
        return wanted;
    }

    private Computation chooseByExecutors() throws IOException {
        List<ExecutorReport> used = used();
        if (used.stream().anyMatch(report -> report.look().nd4jCuda())) {
            return Computation.ND4J_CUDA_FP32;
        }
        boolean handedOut = used.stream().anyMatch(report -> report.gpu() != null);
        boolean cards =
                handedOut || used.stream().anyMatch(report -> report.look().card() != null);
        List<Unfit> without = unfit(used, report -> Unfitness.against(Computation.CUDA_TF32, report))
                .unfit();
        if (cards && without.size() > (handedOut ? used.size() - 1 : 0)) {
            throw new IOException(lines(without) + System.lineSeparator()
                    + "To train on CPUs, set run.engine = cpu and ask for no GPUs");
        }
        return cards ? Computation.CUDA_TF32 : Computation.CPU_FP32;
    }

    /** Which executors can not compute so, or would leave idle what they were given. */
    public Judged against(Computation computation) {
        return unfit(used(), report -> Unfitness.against(computation, report));
    }

    /** Which executors would train networks slowly on CPUs. */
    public Judged slow() {
        return unfit(used(), report -> report.kernels().whySlow() == null ? null : Unfitness.slowly(report.kernels()));
    }

    /** Which executors surely have no room for a trial on CPUs that takes so many bytes. */
    public Judged withoutRoom(long needed) {
        List<ExecutorReport> used = used();
        Map<String, ExecutorMemory> memory = ExecutorMemory.byExecutor(used);
        return unfit(
                used,
                report -> Unfitness.small(
                        Objects.requireNonNull(memory.get(report.executor())).bytes(), needed));
    }

    /** Why one of them has no room for a trial on CPUs that takes so many bytes; null if it may have. */
    public @Nullable String againstRoom(long needed, String executor) {
        return withoutRoom(needed).unfit().stream()
                .filter(each -> each.executor().equals(executor))
                .map(Unfit::why)
                .findFirst()
                .orElse(null);
    }

    /** Of one look at those that compute: they come and go on other threads meanwhile. */
    private static Judged unfit(List<ExecutorReport> used, Function<ExecutorReport, @Nullable String> problem) {
        List<Unfit> unfit = new ArrayList<>();
        for (ExecutorReport report : used) {
            String what = problem.apply(report);
            if (what != null) {
                unfit.add(new Unfit(report.executor(), report.who(), what));
            }
        }
        return new Judged(unfit, used.size());
    }

    /** What is wrong with each, a line each. */
    public static String lines(List<Unfit> unfit) {
        return unfit.stream().map(Unfit::sentence).collect(Collectors.joining(System.lineSeparator()));
    }

    /**
     * What networks run on where they run on CPUs. In local mode, where the driver's process is the executor, this loads
     * its native libraries.
     */
    public ExecutorKernels kernels() {
        reports.replaceAll((executor, report) -> report.isDriver() ? report.with(KernelLook.now()) : report);
        return kernelsSeen();
    }

    /** The same, of those that have loaded them by now. */
    public ExecutorKernels kernelsSeen() {
        return ExecutorKernels.of(used());
    }

    /** The least memory that one of them has for trainings on CPUs. */
    public ExecutorMemory memory() {
        return ExecutorMemory.least(used());
    }

    /** Why cards are not used where there is a driver, a sentence each. */
    public List<String> unusedCards() {
        return used().stream()
                .filter(report -> report.look().driver() && report.look().card() == null)
                .map(report ->
                        report.who() + " trains on no card. " + report.look().noCard())
                .toList();
    }

    /** Which executors got none of the GPUs that they should have. */
    public Judged problems() {
        Map<String, ExecutorReport> owners = new HashMap<>();
        return unfit(used(), report -> {
            if (report.problem() != null) {
                return ": " + report.problem();
            }
            ExecutorReport other = report.gpu() == null ? null : owners.putIfAbsent(report.gpuOfAll(), report);
            return other == null ? null : Unfitness.shares(report, other);
        });
    }
}
