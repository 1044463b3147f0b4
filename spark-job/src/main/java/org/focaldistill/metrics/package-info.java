/**
 * Accuracy and calibration on plain arrays. In come logits and labels, as {@link org.focaldistill.metrics.Predictions}; out
 * goes an {@link org.focaldistill.metrics.Evaluation}: top-1 and top-5, NLL, Brier score, the ECE family and the bins of a
 * reliability diagram, as fractions. {@link org.focaldistill.metrics.TemperatureScaling} fits temperatures on held-out
 * predictions, one by NLL and one by ECE. Begin at {@code Predictions.of}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.metrics;
