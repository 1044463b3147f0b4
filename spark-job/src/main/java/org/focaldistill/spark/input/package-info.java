/**
 * What trainings read. In come the places of images and teachers, which the driver sends; out go the images and networks
 * loaded, shared by the tasks of an executor. Begin at {@link org.focaldistill.spark.input.ExecutorCache}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.spark.input;
