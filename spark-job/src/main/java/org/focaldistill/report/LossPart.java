package org.focaldistill.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.focaldistill.loss.DistillationForm;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;

/**
 * A term of which a loss's total is made.
 *
 * @param name for tables and pictures
 * @param of its unweighted value
 */
record LossPart(String name, ToDoubleFunction<LossComponents> of) {

    /** Those of a loss: of alpha, of beta, of gamma, and the calibration penalty if it has a weight. */
    static List<LossPart> of(LossSettings loss) {
        DistillationForm form = loss.distillation().form();
        double smoothing = loss.labelSmoothing();
        List<LossPart> parts = new ArrayList<>(List.of(
                new LossPart(form == DistillationForm.KL ? "T^2 KL" : form.word(), LossComponents::distillation),
                new LossPart(smoothing == 0 ? "CE" : "smoothed CE", components -> components.ofLabels(smoothing)),
                new LossPart("focal", LossComponents::focal)));
        if (loss.calibrationWeight() > 0) {
            parts.add(new LossPart("MDCA", LossComponents::calibration));
        }
        return parts;
    }
}
