package org.focaldistill.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.spark.bank.BankPlan;
import org.focaldistill.spark.bank.Banks;
import org.focaldistill.spark.bench.SweepEstimate;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.Trial;
import org.focaldistill.text.Durations;
import org.focaldistill.text.Words;

/** How long a sweep will take that trains teachers first, from how fast it trains them. */
final class TimeToEnd {
    private final FocalDistillConfig config;
    private final Inputs inputs;
    private final Computation computation;
    private final Configuration hadoop;
    private final int slots;

    /** @param slots that there are for its trials */
    TimeToEnd(FocalDistillConfig config, Inputs inputs, Computation computation, Configuration hadoop, int slots) {
        this.config = config;
        this.inputs = inputs;
        this.computation = computation;
        this.hadoop = hadoop;
        this.slots = slots;
    }

    /**
     * Says it. Of a race, and where trials are stopped early, it is the most that can be.
     *
     * @param teachers all of the pairs, those that are trained now as {@link Teachers#unknown}
     * @param secondsLeft until they are trained
     * @param multiplyAddsPerSecond of one slot
     */
    String line(Map<String, ReadyTeacher> teachers, double secondsLeft, double multiplyAddsPerSecond)
            throws IOException {
        Path results = new Path(config.paths().results());
        List<Trial> open = inputs.plan(teachers, computation).open(new ResultStore(hadoop, results).finishedIds());
        Banks banks = new Banks(config.paths().bank(), inputs.dataLocation(), teachers);
        double after = SweepEstimate.atSpeed(multiplyAddsPerSecond, inputs.dataLocation()::network, slots)
                .seconds(new SweepEstimate.Work(
                        open,
                        new OpenTrials(hadoop, results).savedEpochs(),
                        Teachers.models(teachers),
                        new BankPlan(banks, open).imagesToMake(hadoop),
                        List.of()));
        boolean less = config.race().isRace() || config.stop().stopsAny();
        return (less ? "At most about " : "About ") + Durations.text(secondsLeft + after)
                + " to the end, as fast as teachers train now: " + Durations.text(secondsLeft) + " for them, "
                + Durations.text(after) + " for " + Words.count(open.size(), "trial")
                + "; evaluation comes on top";
    }
}
