/**
 * Measures and estimates, and trains for nothing else. In come a cluster and images; out go
 * {@link org.focaldistill.spark.bench.Measurement}s, or lines that say how long a sweep will take. Begin at Benchmark for
 * networks, at SweepBenchmark and SchedulerSimulation for what is around them, and at SweepEstimate for a sweep to come.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.spark.bench;
