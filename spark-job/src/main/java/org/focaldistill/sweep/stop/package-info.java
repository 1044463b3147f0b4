/**
 * Which trials are ended before their last epoch, as their place among the others is clear. In come {@link
 * org.focaldistill.sweep.stop.StopRules} and, as a sweep goes on, each trial's values on its held-out images; out goes, for a
 * trial that is to end, a {@link org.focaldistill.sweep.stop.Stop}. Begin at {@code StopRules}, which says by what a trial is
 * stopped; {@link org.focaldistill.sweep.stop.Standings} says whom it is compared with.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.sweep.stop;
