package org.focaldistill.cli;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.store.OpenTrial;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.EngineChoice;
import org.focaldistill.sweep.SweepPlan;

/**
 * Keeps {@code run.engine = auto} from beginning a sweep anew, without a word, where another engine has trained some of it: a card
 * that came, or a driver that went, must not cost what is there.
 */
final class OtherEngines {
    private static final List<Computation> ALL = List.of(
            Computation.CPU_FP32,
            Computation.CUDA_TF32,
            Computation.CUDA_FP32,
            Computation.CUDA_BF16,
            Computation.ND4J_CUDA_FP32);

    private final FocalDistillConfig config;
    private final Inputs inputs;
    private final ResultStore store;
    private final Configuration hadoop;

    OtherEngines(FocalDistillConfig config, Inputs inputs, ResultStore store, Configuration hadoop) {
        this.config = config;
        this.inputs = inputs;
        this.store = store;
        this.hadoop = hadoop;
    }

    /** @throws IOException if none of a plan's trials has begun, and some have with another engine */
    void requireNone(SweepPlan plan, Map<String, ReadyTeacher> teachers) throws IOException {
        if (config.run().engine() != EngineChoice.AUTO) {
            return;
        }
        Set<String> begun = new HashSet<>(store.finishedIds());
        new OpenTrials(hadoop, new Path(config.paths().results()))
                .list().stream()
                        .filter(trial -> trial.epoch() > 0)
                        .map(OpenTrial::id)
                        .forEach(begun::add);
        if (begunOf(plan, begun) > 0) {
            return;
        }
        Computation chosen = plan.trials().get(0).trial().computation();
        for (Computation other : ALL) {
            long there = other.equals(chosen) ? 0 : begunOf(inputs.plan(teachers, other), begun);
            if (there > 0) {
                throw new IOException(there + " of these " + plan.trials().size() + " trials were begun by " + other
                        + ", and run.engine = auto would begin them anew by " + chosen + ". To go on: --set run.engine="
                        + other.engine() + " --set run.numerics=" + other.numerics()
                        + "; to begin anew: --set run.engine="
                        + chosen.engine() + " --set run.numerics=" + chosen.numerics());
            }
        }
    }

    private static long begunOf(SweepPlan plan, Set<String> begun) {
        return plan.trials().stream()
                .filter(planned -> begun.contains(planned.trial().id()))
                .count();
    }
}
