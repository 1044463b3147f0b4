/**
 * What a sweep is, in plain Java, without Spark or ND4J. In come a {@link org.focaldistill.sweep.SweepDefinition}, the images and
 * the teachers' hashes; out goes a {@link org.focaldistill.sweep.SweepPlan} of {@link org.focaldistill.sweep.Trial}s, whose ids
 * last for ever, and what became of each, a {@link org.focaldistill.sweep.TrialOutcome}. Begin with {@code Trial}. {@code
 * sweep.noise} says what of the outcomes is more than noise, {@code sweep.race} which cells get further seeds, {@code sweep.stop}
 * which trials end early.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.sweep;
