package org.focaldistill.loss;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The distillation term of a trial, and when it counts.
 *
 * @param form what it compares by
 * @param parameters the form's own, every one that {@link DistillationForm#defaults} names, each at least 0; in the order of
 *     their names
 * @param warmupEpochs epochs over which alpha grows linearly to what it is, the k-th of n having k/n of it (Zhao et al. 2022,
 *     appendix); at least 0
 * @param lastEpoch the last epoch that has the term, 1-based; 0: it is never switched off
 */
public record Distillation(DistillationForm form, Map<String, Double> parameters, int warmupEpochs, int lastEpoch)
        implements Serializable {
    /** That of all trials before there was a choice. */
    public static final Distillation PLAIN = of(DistillationForm.KL);

    public Distillation {
        parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
        if (!parameters.keySet().equals(form.defaults().keySet())) {
            throw new IllegalArgumentException("The parameters of " + form + " are "
                    + form.defaults().keySet() + ", found " + parameters.keySet());
        }
        parameters.forEach((name, value) -> {
            if (!(value >= 0 && value <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        name + " of " + form + " must be a finite number >= 0, found " + value);
            }
        });
        if (warmupEpochs < 0 || lastEpoch < 0) {
            throw new IllegalArgumentException(
                    "warmupEpochs and lastEpoch must be at least 0, found " + warmupEpochs + " and " + lastEpoch);
        }
    }

    /** A form at its usual parameters, in all epochs. */
    public static Distillation of(DistillationForm form) {
        return new Distillation(form, form.defaults(), 0, 0);
    }

    /**
     * In a few words, e.g. {@code dkd (alpha 1.0, beta 8.0), growing over 20 epochs}. Trials' ids are made of them, so they stay as
     * they are.
     */
    @Override
    public String toString() {
        String own = parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + " " + parameter.getValue())
                .collect(Collectors.joining(", "));
        return form.word()
                + (own.isEmpty() ? "" : " (" + own + ")")
                + (warmupEpochs == 0
                        ? ""
                        : ", growing over " + warmupEpochs + (warmupEpochs == 1 ? " epoch" : " epochs"))
                + (lastEpoch == 0 ? "" : ", until epoch " + lastEpoch);
    }

    /** What alpha is multiplied by in a 0-based epoch, in [0, 1]. */
    double share(int epoch) {
        if (lastEpoch > 0 && epoch >= lastEpoch) {
            return 0;
        }
        return epoch < warmupEpochs ? (epoch + 1.0) / warmupEpochs : 1;
    }

    /** The same term without what does not show in so many epochs: a first epoch that has all of alpha, a last one that is none. */
    public Distillation within(int epochs) {
        return new Distillation(
                form, parameters, warmupEpochs == 1 ? 0 : warmupEpochs, lastEpoch < epochs ? lastEpoch : 0);
    }

    /** The value of one of the form's parameters. */
    public double parameter(String name) {
        Double value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException(form + " has no parameter " + name);
        }
        return value;
    }
}
