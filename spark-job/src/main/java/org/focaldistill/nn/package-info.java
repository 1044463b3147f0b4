/**
 * The engine on Deeplearning4j: what a network's kernels are, whoever writes them. In come shapes, which say how an activation
 * lies in memory ({@link org.focaldistill.nn.ActivationShape}: pixel after pixel, with longer rows or in planes); out go {@link
 * org.focaldistill.nn.Kernel}s of a {@link org.focaldistill.nn.KernelLibrary}, where to begin. Those layouts are private to this
 * room. Its packages, from the ground up:
 *
 * <ul>
 *   <li>{@code nn.winograd}: convolutions of our own;
 *   <li>{@code nn.nd4j} and {@code nn.onednn}: two libraries; {@code nn.backend} chooses;
 *   <li>{@code nn.fold}: a description compiled for evaluation;
 *   <li>{@code nn.dl4j}: a description compiled for training, and the engine that {@code train} is given;
 *   <li>{@code nn.averaging}: a network that several workers train.
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.nn;
