package org.focaldistill.spark.bank;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.focaldistill.data.ViewedImages;
import org.focaldistill.spark.input.ExecutorCache;
import org.focaldistill.store.BankFiles;
import org.focaldistill.store.BankKey;
import org.focaldistill.text.Words;
import org.focaldistill.train.TeacherLogits;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bank files as the tasks of one JVM share them: kept as long as they are among the last asked for, and made where they are
 * missing or damaged.
 */
public final class BankPages {
    /** The one that tasks use. */
    public static final BankPages OF_THIS_JVM = new BankPages(ExecutorCache.OF_THIS_JVM);

    private static final Logger LOG = LoggerFactory.getLogger(BankPages.class);
    /** 20 MB each with 50,000 images of 100 classes. Trials of one JVM are mostly in the same few epochs. */
    private static final int KEPT = 6;

    private final ExecutorCache cache;
    private final Map<Key, FutureTask<Page>> pages = new LinkedHashMap<>(16, 0.75f, true);

    BankPages(ExecutorCache cache) {
        this.cache = cache;
    }

    private record Key(BankKey bank, ViewedImages set) {}

    /**
     * What a file holds.
     *
     * @param logits {@code [size, classes]}
     * @param made whether the teacher had to run for it
     */
    public record Page(Tensor logits, boolean made) {}

    /**
     * A set's logits; where another task is at it, waits for that one.
     *
     * @param cancelled asked while the teacher runs
     * @throws InvalidModelException if the teacher gives logits that the bank can not hold
     * @throws IOException if they can neither be read nor made; of a complete bank if they can not be read, with what to do
     */
    public Page page(Bank bank, ViewedImages set, Configuration configuration, BooleanSupplier cancelled)
            throws IOException {
        Key key = new Key(bank.key(), set);
        FutureTask<Page> own = new FutureTask<>(() -> load(bank, set, configuration, cancelled));
        FutureTask<Page> first = claim(key, own);
        if (first == own) {
            own.run();
        }
        try {
            return first.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while another task reads " + set.name(), e);
        } catch (ExecutionException e) {
            forget(key, first);
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException("The logits for " + set.name() + " could not be made", e.getCause());
        }
    }

    /** The same as the file has it now, whatever this JVM has of it. */
    Page reread(Bank bank, ViewedImages set, Configuration configuration, BooleanSupplier cancelled)
            throws IOException {
        Key key = new Key(bank.key(), set);
        synchronized (pages) {
            pages.computeIfPresent(key, (unused, there) -> there.isDone() ? null : there);
        }
        return page(bank, set, configuration, cancelled);
    }

    private FutureTask<Page> claim(Key key, FutureTask<Page> own) {
        synchronized (pages) {
            FutureTask<Page> there = pages.putIfAbsent(key, own);
            if (pages.size() > KEPT) {
                // Only what is there: a second task would do again what a running one is at.
                pages.values().stream().filter(FutureTask::isDone).findFirst().ifPresent(pages.values()::remove);
            }
            return there == null ? own : there;
        }
    }

    private void forget(Key key, FutureTask<Page> failed) {
        synchronized (pages) {
            pages.remove(key, failed);
        }
    }

    private Page load(Bank bank, ViewedImages set, Configuration configuration, BooleanSupplier cancelled)
            throws IOException {
        BankFiles files = new BankFiles(configuration, bank.key());
        try {
            return new Page(files.read(set), false);
        } catch (FileNotFoundException e) {
            LOG.debug("There is no {} yet", files.file(set));
        } catch (InvalidModelException | EOFException | ChecksumException e) {
            LOG.warn("A file of the bank is made anew. {}", Words.reason(e));
        }
        if (bank.complete()) {
            throw new IOException("The logits of " + bank.teacher().model() + " for " + set.name()
                    + " are missing or damaged, and there is no card here to make them anew: " + files.file(set)
                    + ". The next attempt has an executor make them, and so has the same command when it is run again");
        }
        try (ExecutorCache.Loan loan = cache.teacher(bank.teacher(), bank.data(), configuration)) {
            Tensor logits = TeacherLogits.of(loan.classifier(), cache.data(bank.data(), configuration), set, cancelled);
            return new Page(files.write(set, logits), true);
        }
    }
}
