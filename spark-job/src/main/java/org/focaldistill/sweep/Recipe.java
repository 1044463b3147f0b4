package org.focaldistill.sweep;

import java.io.Serializable;
import java.util.List;

/**
 * How a network is optimised: SGD with heavy-ball momentum, coupled weight decay on every trained parameter and a
 * learning rate that is set anew for every epoch.
 *
 * @param epochs passes over the training images, at least 1
 * @param batchSize images a step, at least 1; the last batch of an epoch may be smaller
 * @param learningRate initial learning rate, after the warm-up if there is one, above 0
 * @param momentum heavy-ball momentum in [0, 1)
 * @param weightDecay L2 coefficient added to the gradient, at least 0
 * @param dropAt fractions of {@code epochs} in (0, 1], ascending, at which the learning rate drops; empty with {@link
 *     Schedule#COSINE}, whatever is given
 * @param dropFactor what the learning rate is multiplied by at each drop, in (0, 1]; 1 with {@link Schedule#COSINE}
 * @param schedule how the learning rate falls
 * @param warmupEpochs epochs at the start in which the learning rate grows linearly, at least 0 and fewer than {@code
 *     epochs}: the k-th of n, 1-based, has k/(n + 1) of what it would be (Goyal et al. 2017, by epochs); the cosine begins
 *     after them
 */
public record Recipe(
        int epochs,
        int batchSize,
        double learningRate,
        double momentum,
        double weightDecay,
        List<Double> dropAt,
        double dropFactor,
        Schedule schedule,
        int warmupEpochs)
        implements Serializable {

    public Recipe {
        require(epochs >= 1, "epochs must be at least 1, found " + epochs);
        require(batchSize >= 1, "batchSize must be at least 1, found " + batchSize);
        require(learningRate > 0 && learningRate <= Float.MAX_VALUE, "learningRate must be > 0, found " + learningRate);
        require(momentum >= 0 && momentum < 1, "momentum must be in [0, 1), found " + momentum);
        require(weightDecay >= 0 && weightDecay <= Float.MAX_VALUE, "weightDecay must be >= 0, found " + weightDecay);
        require(dropFactor > 0 && dropFactor <= 1, "dropFactor must be in (0, 1], found " + dropFactor);
        require(
                warmupEpochs >= 0 && warmupEpochs < epochs,
                "warmupEpochs must be at least 0 and fewer than the " + epochs + " epochs, found " + warmupEpochs);
        if (schedule == Schedule.COSINE) {
            dropAt = List.of();
            dropFactor = 1;
        }
        dropAt = List.copyOf(dropAt);
        double before = 0;
        for (double fraction : dropAt) {
            require(fraction > before && fraction <= 1, "dropAt must ascend within (0, 1], found " + dropAt);
            before = fraction;
        }
    }

    /** A learning rate that drops in steps, without a warm-up. */
    public Recipe(
            int epochs,
            int batchSize,
            double learningRate,
            double momentum,
            double weightDecay,
            List<Double> dropAt,
            double dropFactor) {
        this(epochs, batchSize, learningRate, momentum, weightDecay, dropAt, dropFactor, Schedule.STEPS, 0);
    }

    /** The learning rate of a 0-based epoch. */
    public double learningRate(int epoch) {
        double rate = switch (schedule) {
            case STEPS -> steps(epoch);
            case COSINE -> cosine(epoch);
        };
        return epoch < warmupEpochs ? rate * (epoch + 1) / (warmupEpochs + 1) : rate;
    }

    private double cosine(int epoch) {
        double done = Math.max(0.0, epoch - warmupEpochs) / (epochs - warmupEpochs);
        // The same on every machine.
        return learningRate * (1 + StrictMath.cos(Math.PI * done)) / 2;
    }

    private double steps(int epoch) {
        double rate = learningRate;
        for (double fraction : dropAt) {
            // Half to even, so that the drops of any epoch count fall where the PyTorch recipe's round() puts them.
            if (epoch >= Math.rint(fraction * epochs)) {
                rate *= dropFactor;
            }
        }
        return rate;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
