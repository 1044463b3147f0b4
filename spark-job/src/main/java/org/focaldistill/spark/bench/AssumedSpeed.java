package org.focaldistill.spark.bench;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.focaldistill.net.Network;
import org.focaldistill.spark.ImageCost;

/** The speed of slots that are not at hand: what their assumed arithmetic makes of the networks' multiply-adds. */
final class AssumedSpeed implements Speed {
    static final int FLOP_A_MULTIPLY_ADD = 2;

    private final double teraFlops;
    private final ToLongFunction<String> count;
    private final Map<String, Long> multiplyAdds = new HashMap<>();

    /**
     * @param teraFlops of a slot, in 10^12 operations a second
     * @param multiplyAdds of a model's convolutions and fully connected layers, for one image forward
     */
    AssumedSpeed(double teraFlops, ToLongFunction<String> multiplyAdds) {
        this.teraFlops = teraFlops;
        this.count = multiplyAdds;
    }

    static AssumedSpeed of(double teraFlops, Function<String, Network> models) {
        return new AssumedSpeed(teraFlops, model -> models.apply(model).cost().multiplyAccumulates());
    }

    @Override
    public List<String> assumptions() {
        return List.of(
                "Assumed, not measured: a slot does "
                        + BigDecimal.valueOf(teraFlops).stripTrailingZeros().toPlainString()
                        + " TFLOP/s in convolutions and fully connected layers, " + FLOP_A_MULTIPLY_ADD
                        + " FLOP a multiply-add; all other work takes no time, and trials keep all slots busy",
                "Assumed: training is " + ImageCost.TRAINING
                        + " passes (forward, backward to inputs, backward to weights), a"
                        + " teacher in evaluation mode is " + ImageCost.EVALUATION,
                "  Networks bound by memory, such as ShuffleV1, do worse than their multiply-adds say.");
    }

    @Override
    public Reading reading(TimedRun.Kind kind, String model, String teacher, int slots) {
        Work work = switch (kind) {
            case TEACHER -> work(ImageCost.EVALUATION, model);
            case ONLINE -> work(ImageCost.TRAINING, model).and(work(ImageCost.EVALUATION, teacher));
            case PLAIN, BANK -> work(ImageCost.TRAINING, model);
        };
        return new Reading(
                slots * teraFlops * 1e12 / (FLOP_A_MULTIPLY_ADD * (double) work.multiplyAdds()),
                "From " + work.terms() + " million multiply-adds an image on " + Benchmark.slots(slots));
    }

    private Work work(int passes, String model) {
        long forward = multiplyAdds.computeIfAbsent(model, count::applyAsLong);
        return new Work(passes * forward, String.format(Locale.ROOT, "%d x %.1f", passes, forward / 1e6));
    }

    /**
     * What an image takes.
     *
     * @param terms the sum, in millions
     */
    private record Work(long multiplyAdds, String terms) {
        Work and(Work other) {
            return new Work(multiplyAdds + other.multiplyAdds, terms + " + " + other.terms);
        }
    }
}
