package org.focaldistill.train;

import org.focaldistill.loss.LossComponents;

/**
 * What one optimiser step did.
 *
 * @param components of the loss before the step
 * @param total the weighted loss before the step
 * @param gradientNorm Euclidean norm of the gradient, before weight decay
 */
public record Step(LossComponents components, double total, double gradientNorm) {}
