/**
 * One network's training, whatever engine makes its steps: epochs, evaluation, best epoch, calibration, divergence, checkpoints,
 * and what its teacher says. In come a {@link org.focaldistill.train.TrainingTask}, images, a {@link
 * org.focaldistill.train.Teacher} and the state to go on from; out goes a {@link
 * org.focaldistill.train.TrialTrainer.LegOutcome}. An engine is an {@link org.focaldistill.train.Engine}, which makes {@link
 * org.focaldistill.train.Student}s and {@link org.focaldistill.train.Classifier}s; where several copies of a network are trained
 * together it makes {@link org.focaldistill.train.Worker}s. Begin with {@link org.focaldistill.train.TrialTrainer}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.train;
