/** The focal-calibration distillation loss: settings, components, value and gradient. */
@org.jspecify.annotations.NullMarked
package org.focaldistill.loss;
