/** One network's training: recipe, schedule, optimiser, evaluation, checkpoints. */
@org.jspecify.annotations.NullMarked
package org.focaldistill.train;
