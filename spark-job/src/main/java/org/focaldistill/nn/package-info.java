/** Deeplearning4j layers on fast native kernels. Activations are NHWC; that layout is private to this package. */
@org.jspecify.annotations.NullMarked
package org.focaldistill.nn;
