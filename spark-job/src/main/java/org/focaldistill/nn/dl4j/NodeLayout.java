package org.focaldistill.nn.dl4j;

import org.jspecify.annotations.Nullable;

/**
 * How a node's activation and its gradients lie when the network trains, as {@link Layouts} has it.
 *
 * @param planes in how many planes its output may lie, {@code [planes, batch, height, width, channels / planes]}, where that is
 *     faster for its size; 1 for pixels with all their channels
 * @param readsImages whether it is a convolution of the network's input, and need not compute the gradient in that
 * @param sum what else is known of a sum with ReLU; null of other nodes
 */
record NodeLayout(int planes, boolean readsImages, @Nullable SumLayout sum) {

    /**
     * Which arrays a sum and its gradients are in.
     *
     * @param takesPlaceOfFirst whether, in training, the sum may lie where the first summand does
     * @param sharesGradient whether one array may be the gradient in both summands
     * @param handsGradientTo the sum or concatenation that the second summand comes from, if that is to go on in the same
     *     gradient array; null if each makes its own
     * @param branchBegins the convolution that begins the branch which ends in the first summand, if it may add its gradient to
     *     that array; null if none may
     */
    record SumLayout(
            boolean takesPlaceOfFirst,
            boolean sharesGradient,
            @Nullable String handsGradientTo,
            @Nullable String branchBegins) {}
}
