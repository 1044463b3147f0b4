package org.focaldistill.spark.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Axis;
import org.focaldistill.sweep.Beta;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.Grid;
import org.focaldistill.sweep.LossVariants;
import org.focaldistill.sweep.Pair;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.SamplePoints;
import org.focaldistill.sweep.Seeds;
import org.focaldistill.sweep.SweepDefinition;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.TeacherMode;

/** Plans of one pair's grid alone, from the planner of all sweeps. */
final class BenchmarkPlan {
    private final Pair pair;
    private final String teacherHash;
    private final DataRef images;
    private final int epochs;
    private final Computation computation;

    BenchmarkPlan(Pair pair, String teacherHash, DataRef images, int epochs, Computation computation) {
        this.pair = pair;
        this.teacherHash = teacherHash;
        this.images = images;
        this.epochs = epochs;
        this.computation = computation;
    }

    SweepPlan grid(TeacherMode mode, Axis alpha, Axis gamma) {
        SweepDefinition definition = new SweepDefinition(
                List.of(pair),
                List.of(),
                List.of(),
                List.of(),
                new Grid(alpha, gamma, Beta.ONE_MINUS_ALPHA),
                LossVariants.of(LossSettings.of(LossWeights.CROSS_ENTROPY)),
                Seeds.of(List.of(1L)),
                mode,
                1,
                1,
                Map.of(pair.student(), new Recipe(epochs, 64, 0.01, 0.9, 5e-4, List.of(), 1)),
                SamplePoints.NONE,
                List.of());
        return SweepPlan.of(definition, images, Map.of(pair.teacher(), teacherHash), computation);
    }

    /** A grid of so many trials, as square as the number allows. */
    SweepPlan ofSize(int trials) {
        int side = IntStream.rangeClosed(1, (int) Math.sqrt(trials))
                .filter(divisor -> trials % divisor == 0)
                .max()
                .orElse(1);
        return grid(TeacherMode.ONLINE, Axis.leftEdges(0, 1, trials / side), Axis.leftEdges(0, 1, side));
    }
}
