package org.focaldistill.spark.bank;

import java.io.IOException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.focaldistill.data.ViewedImages;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.NoRetryException;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.store.BankKey;
import org.focaldistill.sweep.SweepEvent;
import org.focaldistill.text.Durations;
import org.focaldistill.weights.InvalidModelException;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the bank has what a leg needs before the leg begins. Each file is seen to once a run, unless it is doubted, by a Spark task
 * that reads it and, where it is missing or damaged, makes it; legs that need the same files share the work.
 */
public final class BankFiller {
    private final SparkCluster cluster;
    private final Console console;
    private final Consumer<SweepEvent> events;
    private final Map<File, FutureTask<Report>> files = new ConcurrentHashMap<>();

    private record File(BankKey bank, ViewedImages set) {}

    /** @param events told of every file that was made */
    public BankFiller(SparkCluster cluster, Console console, Consumer<SweepEvent> events) {
        this.cluster = cluster;
        this.console = console;
        this.events = events;
    }

    /**
     * What a task did.
     *
     * @param made whether it ran the teacher
     * @param refusal why no task can make the file; null if this one has it
     */
    private record Report(
            boolean made, double seconds, @Nullable String refusal) implements Serializable {}

    /**
     * Returns when all of the sets have a sound file. The caller's thread is taken for the work, so that there are never
     * more tasks than threads.
     *
     * @throws NoRetryException if one of them can never be made, as a logit does not fit the bank's precision
     * @throws IllegalStateException if one of them could not be made this time
     */
    public void fill(Bank bank, List<ViewedImages> sets) {
        Map<File, FutureTask<Report>> ofOthers = new LinkedHashMap<>();
        for (ViewedImages set : sets) {
            File file = new File(bank.key(), set);
            FutureTask<Report> own = new FutureTask<>(() -> run(bank, set));
            FutureTask<Report> other = files.putIfAbsent(file, own);
            if (other == null) {
                own.run();
                await(file, own);
            } else {
                ofOthers.put(file, other);
            }
        }
        ofOthers.forEach(this::await);
    }

    /** Has the files of the sets seen to again when they are asked for next, as one may have been damaged meanwhile. */
    public void doubt(Bank bank, List<ViewedImages> sets) {
        sets.forEach(set ->
                files.computeIfPresent(new File(bank.key(), set), (unused, task) -> task.isDone() ? null : task));
    }

    private Report run(Bank bank, ViewedImages set) {
        String model = bank.teacher().model();
        String description = "logits of " + model + " for " + set.name();
        Report report = cluster.runAside(
                "bank " + model, description, (configuration, unused) -> task(bank, set, configuration));
        if (report.refusal() != null) {
            throw new NoRetryException(
                    "The logits of " + model + " for " + set.name() + " can not be kept: " + report.refusal());
        }
        if (report.made()) {
            console.line(String.format(
                    Locale.ROOT, "bank of %s: %s made in %s", model, set.name(), Durations.text(report.seconds())));
            events.accept(new SweepEvent.BankFileMade(model, set.name(), report.seconds()));
        }
        return report;
    }

    private static Report task(Bank bank, ViewedImages set, Configuration configuration) throws IOException {
        TaskContext task = TaskContext.get();
        long start = System.nanoTime();
        try {
            BankPages.Page page = BankPages.OF_THIS_JVM.reread(bank, set, configuration, task::isInterrupted);
            return new Report(page.made(), (System.nanoTime() - start) / 1e9, null);
        } catch (InvalidModelException e) {
            return new Report(false, (System.nanoTime() - start) / 1e9, e.getMessage());
        }
    }

    /** A failed task is forgotten, so that the next attempt at a trial tries again; where that is vain, it is kept. */
    private void await(File file, FutureTask<Report> task) {
        try {
            Report unused = task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the bank is filled", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NoRetryException hopeless) {
                throw hopeless;
            }
            files.remove(file, task);
            throw new IllegalStateException(
                    "The logits for " + file.set().name() + " could not be made: " + e.getCause(), e.getCause());
        }
    }
}
