package org.focaldistill.config;

import java.util.Map;
import java.util.TreeMap;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.DistillationForm;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;

/** Reads a whole loss, as {@code sweep.variants} lists some; what it leaves out is as usual. */
final class LossReader {
    private static final LossSettings USUAL = LossSettings.of(LossWeights.CROSS_ENTROPY);

    private LossReader() {}

    static LossSettings read(Section loss) {
        for (String weight : new String[] {"alpha", "beta", "gamma"}) {
            if (!loss.has(weight)) {
                loss.problem(weight, "is missing");
            }
        }
        LossWeights weights = new LossWeights(
                loss.get("alpha", Kind.atLeastZero(), 0.0),
                loss.get("beta", Kind.atLeastZero(), 1.0),
                loss.get("gamma", Kind.atLeastZero(), 0.0));
        double temperature = loss.get("temperature", Kind.temperature(), USUAL.temperature());
        KlDirection direction = loss.get("klDirection", Kind.choice(KlDirection.class), USUAL.klDirection());
        FocalForm focalForm = loss.get("focalForm", Kind.choice(FocalForm.class), USUAL.focalForm());
        double exponent = loss.get("focalExponent", Kind.atLeastZero(), USUAL.focalExponent());
        double smoothing = loss.get("labelSmoothing", Kind.labelSmoothing(), USUAL.labelSmoothing());
        double calibration = loss.get("calibrationWeight", Kind.atLeastZero(), USUAL.calibrationWeight());
        Distillation distillation = distillation(loss);
        loss.finish();
        if (weights.areZero() && calibration == 0) {
            loss.problem("alpha", "must not be 0 with beta, gamma and calibrationWeight: nothing would be learned");
        }
        // Of some forms not every temperature.
        return loss.make(
                "temperature",
                USUAL,
                () -> new LossSettings(
                        weights, temperature, direction, focalForm, exponent, smoothing, distillation, calibration));
    }

    private static Distillation distillation(Section loss) {
        DistillationForm form = loss.get("distillation", Kind.choice(DistillationForm.class), DistillationForm.KL);
        Map<String, Double> parameters = new TreeMap<>(form.defaults());
        if (!parameters.isEmpty()) {
            Section own = loss.partial(form.word());
            parameters.replaceAll((name, usual) -> own.get(name, Kind.atLeastZero(), usual));
            own.finish();
        }
        int warmup = loss.get("distillationWarmup", Kind.count(0), 0);
        int last = loss.get("distillationLast", Kind.count(0), 0);
        return new Distillation(form, parameters, warmup, last);
    }
}
