/**
 * Deeplearning4j layers on fast native kernels. Activations are NHWC, between the layers of a network also in planes or with
 * longer rows; that layout is private to this package.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.nn;
