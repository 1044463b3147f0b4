/**
 * Evaluation. In comes a network's description with its tensors, out go logits: batch norms are folded into convolutions, sums and
 * ReLUs run in their last pass, memory is used again. All that is decided once, while the steps for a batch size are planned.
 * Begin with {@link org.focaldistill.nn.fold.FoldedNetwork}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.nn.fold;
