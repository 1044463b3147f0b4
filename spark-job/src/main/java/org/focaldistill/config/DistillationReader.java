package org.focaldistill.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.DistillationForm;

/** Reads what a sweep says of the distillation term: its forms, their parameters and when it counts. */
final class DistillationReader {
    private DistillationReader() {}

    /** Every combination. */
    static List<Distillation> read(Section sweep) {
        List<DistillationForm> forms =
                SweepReader.distinct(sweep, "distillation", Kind.choice(DistillationForm.class), DistillationForm.KL);
        Map<DistillationForm, List<Map<String, Double>>> parameters = new TreeMap<>();
        for (DistillationForm form : DistillationForm.values()) {
            List<Map<String, Double>> own = form.defaults().isEmpty() ? List.of(Map.of()) : parameters(sweep, form);
            if (!forms.contains(form) && !own.equals(List.of(form.defaults()))) {
                sweep.problem(
                        form.word(),
                        "is set, but sweep.distillation does not list " + form.word()
                                + ", so nothing has it; list it, or take back its parameters");
            }
            parameters.put(form, own);
        }
        List<Integer> warmups = SweepReader.distinct(sweep, "distillationWarmup", Kind.count(0), 0);
        List<Integer> lasts = SweepReader.distinct(sweep, "distillationLast", Kind.count(0), 0);
        List<Distillation> all = new ArrayList<>();
        for (DistillationForm form : forms) {
            for (Map<String, Double> own : parameters.getOrDefault(form, List.of())) {
                for (int warmup : warmups) {
                    lasts.forEach(last -> all.add(new Distillation(form, own, warmup, last)));
                }
            }
        }
        return all;
    }

    private static List<Map<String, Double>> parameters(Section sweep, DistillationForm form) {
        Section section = sweep.section(form.word());
        List<Map<String, Double>> all = List.of(Map.of());
        for (Map.Entry<String, Double> parameter : form.defaults().entrySet()) {
            List<Double> values =
                    SweepReader.distinct(section, parameter.getKey(), Kind.atLeastZero(), parameter.getValue());
            List<Map<String, Double>> before = all;
            all = before.stream()
                    .flatMap(others -> values.stream().map(value -> {
                        Map<String, Double> more = new TreeMap<>(others);
                        more.put(parameter.getKey(), value);
                        return more;
                    }))
                    .map(Map::copyOf)
                    .toList();
        }
        section.finish();
        return all;
    }
}
