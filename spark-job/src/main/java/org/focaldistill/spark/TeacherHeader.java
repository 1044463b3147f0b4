package org.focaldistill.spark;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.focaldistill.metrics.Evaluation;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.sweep.TrialOutcome.TeacherMetrics;
import org.jspecify.annotations.Nullable;

/** A teacher's test metrics as they stand in its model file's header, with the images they were measured on. */
public final class TeacherHeader {
    private TeacherHeader() {}

    /** What a model file's header says of it. */
    public static Map<String, String> of(Evaluation test, DataLocation data) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("test_dataset_hash", data.hash());
        entries.put("test_images", Integer.toString(data.testImages()));
        entries.put("test_top1", Double.toString(test.top1()));
        entries.put("test_top5", Double.toString(test.top5()));
        entries.put("test_nll", Double.toString(test.nll()));
        entries.put("test_ece", Double.toString(test.ece()));
        return entries;
    }

    /** Seed of the held-out images it was not trained on; null where that is not known. */
    static @Nullable Long unseenSeed(Map<String, String> header) {
        String seed = header.get(Leg.DATA_SEED);
        return seed == null || "0".equals(header.get(Leg.VALIDATION_IMAGES)) ? null : Long.valueOf(seed);
    }

    /** The metrics, if they were measured on just these images; else null. */
    static @Nullable TeacherMetrics metrics(Map<String, String> header, DataLocation data) {
        String top1 = header.get("test_top1");
        String nll = header.get("test_nll");
        String ece = header.get("test_ece");
        boolean sameImages = data.hash().equals(header.get("test_dataset_hash"))
                && Integer.toString(data.testImages()).equals(header.get("test_images"));
        if (!sameImages || top1 == null || nll == null || ece == null) {
            return null;
        }
        return new TeacherMetrics(Double.parseDouble(top1), Double.parseDouble(nll), Double.parseDouble(ece));
    }

    static String text(Evaluation test) {
        return String.format(
                Locale.ROOT,
                "test top-1 %.2f %%, top-5 %.2f %%, NLL %.4f, ECE %.2f %% on %d images",
                100 * test.top1(),
                100 * test.top5(),
                test.nll(),
                100 * test.ece(),
                test.samples());
    }
}
