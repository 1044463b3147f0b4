/**
 * What a sweep's differences mean beside the noise of its seeds. In comes one quantity as a number for each cell and {@link
 * org.focaldistill.sweep.Seed}; out go intervals, p values and the smallest effect that would have been found. Begin at
 * {@link org.focaldistill.sweep.noise.Comparison}, every cell beside the baseline, and {@link
 * org.focaldistill.sweep.noise.TwoWayFit}, what alpha and gamma do each for itself; {@link
 * org.focaldistill.sweep.noise.Selection} is the one place that says which cell is best.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.sweep.noise;
