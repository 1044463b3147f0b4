/** Accuracy and calibration on plain arrays: top-k, NLL, Brier, the ECE family, temperature scaling. */
@org.jspecify.annotations.NullMarked
package org.focaldistill.metrics;
