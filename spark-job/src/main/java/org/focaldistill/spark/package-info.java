/** The driver job: legs of trials as Spark tasks, slots, progress. */
@org.jspecify.annotations.NullMarked
package org.focaldistill.spark;
