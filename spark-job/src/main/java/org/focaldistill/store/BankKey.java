package org.focaldistill.store;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.focaldistill.sweep.Digest;

/**
 * Whose logits a bank holds. Banks that differ in any of it are in different folders, and each of their files says all
 * of it once more.
 *
 * @param folder of all banks
 * @param model the teacher's architecture
 * @param teacherHash hash of the teacher's tensors
 * @param datasetHash hash of the prepared images
 * @param classes how many logits an image has
 * @param scheme how an image becomes the teacher's input, views and normalisation, and what runs the teacher if not a CPU
 * @param half whether logits of training images are in half precision; those of images that measure, few as they are,
 *     never are
 */
public record BankKey(
        String folder, String model, String teacherHash, String datasetHash, int classes, String scheme, boolean half)
        implements Serializable {

    /** What each file's header says, beside which images it is of. */
    Map<String, String> about() {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("format", "focaldistill bank 1");
        about.put("model", model);
        about.put("teacher_hash", teacherHash);
        about.put("dataset_hash", datasetHash);
        about.put("classes", Integer.toString(classes));
        about.put("scheme", scheme);
        about.put("precision", half ? "fp16" : "fp32");
        return about;
    }

    /** The name of its own folder. */
    String name() {
        return model + "-" + Digest.of(about().toString());
    }
}
