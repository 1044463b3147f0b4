/**
 * The driver's account of its executors: which slots are free, and which executors are kept from work after failures.
 * Plain Java; {@code cluster} tells it what Spark tells. Begin at {@link org.focaldistill.spark.slots.SlotPool}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.spark.slots;
