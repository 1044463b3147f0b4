package org.focaldistill.loss;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the distillation term, the one that alpha weighs, compares teacher and student by. */
public enum DistillationForm {
    /** {@code T^2 KL} of the softened distributions, in either direction (Hinton et al. 2015). */
    KL(Map.of()),
    /** {@code T^2 JS}: the mean divergence of both from their mean (Lin 1991). */
    JENSEN_SHANNON(Map.of()),
    /** The mean squared difference of the logits, without a temperature (Kim et al. 2021, section 3). */
    MSE_LOGITS(Map.of()),
    /** {@code T^2 KL(teacher || student)} of logits that are standardised image by image (Sun et al. 2024). */
    STANDARDISED_KL(Map.of()),
    /** Decoupled: the true class beside the rest, by alpha, and the rest among themselves, by beta (Zhao et al. 2022). */
    DKD(Map.of("alpha", 1.0, "beta", 8.0)),
    /** Correlations of predictions: of each image over classes, by beta, of each class over the batch, by gamma (Huang et al. 2022). */
    DIST(Map.of("beta", 1.0, "gamma", 1.0)),
    /** The true class by the teacher's confidence, and the normalised rest, by gamma (Yang et al. 2023). */
    NKD(Map.of("gamma", 1.5)),
    /** {@link #KL} of each image times {@code (1 - p_y)^exponent} of the student: how badly it is classified (after Lin et al. 2017). */
    FOCAL_KL(Map.of("exponent", 2.0));

    private final Map<String, Double> defaults;

    DistillationForm(Map<String, Double> defaults) {
        this.defaults = Collections.unmodifiableMap(new TreeMap<>(defaults));
    }

    /** Whether the temperature is part of it. */
    public boolean usesTemperature() {
        return this != MSE_LOGITS;
    }

    /** Whether the direction of the divergence is. */
    public boolean usesDirection() {
        return this == KL || this == FOCAL_KL;
    }

    /** As configurations have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Its own parameters, by their names in its paper, and their usual values; all are at least 0. */
    public Map<String, Double> defaults() {
        return defaults;
    }
}
