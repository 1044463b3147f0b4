package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.DistillationForm;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.junit.jupiter.api.Test;

class LossPartTest {
    private static final LossSettings PLAIN = LossSettings.of(new LossWeights(0.5, 0.4, 0.3));

    @Test
    void the_total_is_made_of_the_parts_that_are_shown() {
        LossComponents components = new LossComponents(1, 2, 3, 4, 5, 6);
        LossSettings all = PLAIN.withLabelSmoothing(0.1)
                .withDistillation(Distillation.of(DistillationForm.DKD))
                .withCalibrationWeight(2);
        List<LossPart> parts = LossPart.of(all);
        assertThat(parts).extracting(LossPart::name).containsExactly("dkd", "smoothed CE", "focal", "MDCA");
        double[] weights = {0.5, 0.4, 0.3, 2};
        double total = 0;
        for (int i = 0; i < parts.size(); i++) {
            total += weights[i] * parts.get(i).of().applyAsDouble(components);
        }
        assertThat(total).isCloseTo(components.total(all), within(1e-12));
    }

    @Test
    void of_the_usual_loss_they_are_what_they_are_called() {
        assertThat(LossPart.of(PLAIN)).extracting(LossPart::name).containsExactly("T^2 KL", "CE", "focal");
    }
}
