/**
 * What each process runs on. In come Spark's settings and the GPU that it gave an executor; out go a process bound to that
 * GPU, the executors' reports of it, and the engine for a training ({@link org.focaldistill.spark.gpu.Engines}). Begin at
 * {@link org.focaldistill.spark.gpu.GpuPlugin}, which Spark starts in every executor before anything loads a native library.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.spark.gpu;
