/**
 * Whole training steps on an NVIDIA card, with nothing but its driver. In come networks, images and losses; out go trained
 * tensors. A student is one block of the card's memory, its arena ({@link org.focaldistill.cuda.Head} and behind it its tensors),
 * and kernels, in {@code src/main/cuda}, work on many arenas at once. A {@link org.focaldistill.cuda.Program} is a network
 * compiled to launches of them, {@link org.focaldistill.cuda.ForwardPass} and {@link org.focaldistill.cuda.BackwardPass} its two
 * halves. Begin at {@link org.focaldistill.cuda.OpenCard}; {@code cuda.driver} is the card and its driver.
 *
 * <p>Students of one kind make their steps together ({@link org.focaldistill.cuda.Lockstep}). It ran on a stand-in for a card only.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.cuda;
