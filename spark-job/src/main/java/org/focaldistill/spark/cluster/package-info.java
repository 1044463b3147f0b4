/**
 * The Spark application as the driver uses it. In come Spark's settings and work for a task; out go slots to plan with,
 * the work's answers, and lines for people. Begin at {@link org.focaldistill.spark.cluster.SparkCluster}; SparkStart
 * says why Spark can not start, StopSwitch ends a run from outside, EndedApplication
 * says that the cluster has.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.spark.cluster;
