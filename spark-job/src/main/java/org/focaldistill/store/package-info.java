/** Shards, models, checkpoints and results on a Hadoop file system, published atomically; without Spark. */
@org.jspecify.annotations.NullMarked
package org.focaldistill.store;
