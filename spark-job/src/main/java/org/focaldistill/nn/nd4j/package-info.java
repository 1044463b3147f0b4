/**
 * Kernels on ND4J's own operations, for any data type and backend: what the faster library is tested against, and what double
 * precision runs on. Begin with {@link org.focaldistill.nn.nd4j.Nd4jLibrary}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.nn.nd4j;
