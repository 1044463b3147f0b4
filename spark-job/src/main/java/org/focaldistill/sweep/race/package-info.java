/**
 * Spends a sweep's seeds where its question is open. In come {@link org.focaldistill.sweep.race.RaceRules}, the plan of all
 * cells and seeds, and the outcomes that are there; out comes which trials are next, and what is answered. Begin at {@link
 * org.focaldistill.sweep.race.Race}: it has no memory of its own, so that a race that was stopped goes on from its outcomes.
 * {@link org.focaldistill.sweep.race.PairRace} decides about cells, by {@link
 * org.focaldistill.sweep.race.RaceNoise}, whose limits hold over all looks together.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.sweep.race;
