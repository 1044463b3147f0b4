package org.focaldistill.spark.bank;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.data.ViewedImages;
import org.focaldistill.store.BankFiles;
import org.focaldistill.sweep.Trial;
import org.focaldistill.text.Words;

/** What trials need of their banks, what is there already, and whether it pays. */
public final class BankPlan {
    private static final double MEGABYTE = 1e6;

    private final Map<Bank, Need> needs = new LinkedHashMap<>();

    private static final class Need {
        private final String teacher;
        private final Set<ViewedImages> sets = new LinkedHashSet<>();
        private long onlineImages;

        Need(String teacher) {
            this.teacher = teacher;
        }
    }

    /** @param trials those that have no result yet */
    public BankPlan(Banks banks, List<Trial> trials) {
        for (Trial trial : trials) {
            Bank bank = banks.of(trial);
            if (bank != null) {
                Need need = needs.computeIfAbsent(bank, unused -> new Need(trial.teacher()));
                BankSets sets = BankSets.of(trial);
                need.sets.addAll(sets.between(0, trial.recipe().epochs()));
                need.onlineImages += sets.trainedImages();
            }
        }
    }

    /** Sentences for people, one or two a bank; none if no trial uses one. */
    public List<String> lines(Configuration configuration) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<Bank, Need> entry : needs.entrySet()) {
            BankFiles files = new BankFiles(configuration, entry.getKey().key());
            lines.addAll(lines(entry.getValue(), files));
        }
        return lines;
    }

    /** Images whose logits are missing, by the teacher's architecture; none where nothing is. */
    public Map<String, Long> imagesToMake(Configuration configuration) throws IOException {
        Map<String, Long> images = new LinkedHashMap<>();
        for (Map.Entry<Bank, Need> entry : needs.entrySet()) {
            Bank bank = entry.getKey();
            long missing = missing(entry.getValue(), new BankFiles(configuration, bank.key())).stream()
                    .mapToLong(ViewedImages::size)
                    .sum();
            if (missing > 0) {
                images.merge(bank.teacher().model(), missing, Long::sum);
            }
        }
        return images;
    }

    private static List<ViewedImages> missing(Need need, BankFiles files) throws IOException {
        Set<String> there = files.names();
        return need.sets.stream().filter(set -> !there.contains(set.name())).toList();
    }

    private static List<String> lines(Need need, BankFiles files) throws IOException {
        List<ViewedImages> missing = missing(need, files);
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "Bank of %s: %s, %.1f MB; %d of them, %.1f MB, are to be made",
                need.teacher,
                Words.count(need.sets.size(), "file"),
                megabytes(need.sets, files),
                missing.size(),
                megabytes(missing, files)));
        long images = missing.stream().mapToLong(ViewedImages::size).sum();
        if (images > 0) {
            lines.add("  " + worth(images, need.onlineImages));
        }
        return lines;
    }

    private static double megabytes(Iterable<ViewedImages> sets, BankFiles files) {
        long bytes = 0;
        for (ViewedImages set : sets) {
            bytes += files.bytes(set);
        }
        return bytes / MEGABYTE;
    }

    /** Compares images through the teacher: those of the missing files with those that trials train on. */
    private static String worth(long images, long onlineImages) {
        String cost = String.format(Locale.ROOT, "%,d images through the teacher, once; ", images);
        if (onlineImages <= images) {
            return cost
                    + String.format(
                            Locale.ROOT,
                            "a teacher that runs with every batch would see %,d: for these trials alone the bank saves"
                                    + " nothing; --set teacher.mode=online does without it, which gives all trials of the sweep other ids",
                            onlineImages);
        }
        return cost
                + String.format(
                        Locale.ROOT,
                        "a teacher that runs with every batch would see %,d, %.1f times as many",
                        onlineImages,
                        (double) onlineImages / images);
    }
}
