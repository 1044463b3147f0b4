package org.focaldistill.spark.gpu;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.focaldistill.net.Network;
import org.focaldistill.nn.backend.NativeMemoryException;
import org.focaldistill.nn.backend.NativeNeeds;
import org.focaldistill.sweep.Trial;

/** How much memory outside the Java heap trials on CPUs take, and whether it is there, said before any is trained. */
public final class MemoryPlan {
    private static final double MIB = 1 << 20;

    private final Map<String, Long> ofStudents = new TreeMap<>();
    private final List<Long> largestFirst = new ArrayList<>();
    private final int atATime;

    /**
     * @param trials to be trained on CPUs, at least one
     * @param models the models for their images
     * @param atATime trials in one executor
     */
    public MemoryPlan(List<Trial> trials, Function<String, Network> models, int atATime) {
        Map<String, Network> networks = new HashMap<>();
        for (Trial trial : trials) {
            Network network = networks.computeIfAbsent(trial.student(), models);
            long bytes = NativeNeeds.ofStudent(network, trial.recipe().batchSize());
            ofStudents.merge(trial.student(), bytes, Math::max);
            largestFirst.add(bytes);
        }
        largestFirst.sort(Collections.reverseOrder());
        this.atATime = Math.min(atATime, trials.size());
    }

    /** What the trial takes that takes least. */
    public long smallest() {
        return largestFirst.get(largestFirst.size() - 1);
    }

    /** What is needed, for people. */
    public String line() {
        String each = ofStudents.entrySet().stream()
                .map(student -> mebibytes(student.getValue()) + " a trial of " + student.getKey())
                .collect(Collectors.joining(", "));
        return "Memory of an executor outside its Java heap: about " + each + ", "
                + mebibytes(NativeNeeds.OF_PROCESS) + " for all; " + atATime + " at a time take "
                + mebibytes(NativeNeeds.OF_PROCESS + largest(atATime)) + " at most";
    }

    /**
     * What is not there, a sentence each.
     *
     * @throws IOException if surely none of the trials has room, with what to do
     */
    public List<String> shortages(ExecutorMemory memory) throws IOException {
        long room = memory.bytes();
        List<String> without = ofStudents.entrySet().stream()
                .filter(student -> NativeNeeds.surelyTooMuch(student.getValue(), room))
                .map(student -> student.getKey() + " (about " + mebibytes(student.getValue()) + ")")
                .toList();
        if (without.size() == ofStudents.size()) {
            throw new IOException("There is no memory for any of these trials: " + String.join(", ", without) + "; "
                    + has(memory) + ". " + NativeMemoryException.REMEDY);
        }
        List<String> shortages = new ArrayList<>();
        if (!without.isEmpty()) {
            shortages.add("There is no memory for trials of " + String.join(", ", without) + ", which will fail: "
                    + has(memory) + ". " + NativeMemoryException.REMEDY);
        }
        if (largest(atATime) > room && atATime > 1) {
            shortages.add("Trials will wait for memory: " + atATime + " at a time may take "
                    + mebibytes(largest(atATime)) + ", and " + has(memory) + ". " + NativeMemoryException.REMEDY);
        }
        return shortages;
    }

    private long largest(int trials) {
        return largestFirst.stream().limit(trials).mapToLong(Long::longValue).sum();
    }

    private static String has(ExecutorMemory memory) {
        return memory.executor() + " has " + mebibytes(memory.bytes()) + " for what it trains";
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.0f MiB", bytes / MIB);
    }
}
