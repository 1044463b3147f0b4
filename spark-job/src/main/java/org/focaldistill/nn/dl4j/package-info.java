/**
 * Training on Deeplearning4j. In comes a network's description, out goes a {@link org.focaldistill.train.Student} or a {@link
 * org.focaldistill.train.Classifier}. Begin with {@link org.focaldistill.nn.dl4j.Dl4jEngine}; the way from there is
 *
 * <pre>
 * LocalStudent        the steps of an epoch, their batches made on a thread of their own (BatchAhead)
 *   GraphNetwork      one step, tensors in and out
 *     GraphCompiler   net.Network to a ComputationGraph: NodeConfiguration, JoinConfiguration
 *       Layouts       how activations and gradients lie, decided once for the whole network (Planes)
 *     NodeLayer, JoinVertex: run the nodes on kernels, made once a shape (KernelCache)
 *     DistillationLossFunction, StepWatch, HeavyBall, BlockUpdater: loss, what is told of a step, update
 *     nn.fold         evaluation
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.nn.dl4j;
