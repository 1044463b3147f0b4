/**
 * The focal-calibration distillation loss in plain Java. In come logits of student and teacher, {@code [batch, classes]}
 * row-major in double precision, and the true classes; out go the batch's means of its components and the gradient in the
 * student's logits. Which loss it is, {@link org.focaldistill.loss.LossSettings} says; configurations and results know only
 * this and the other records.
 *
 * <p>Begin with {@link org.focaldistill.loss.DistillationLoss}, which reads like the formula, and {@link
 * org.focaldistill.loss.FocalForm}, the focal term's variants.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.loss;
