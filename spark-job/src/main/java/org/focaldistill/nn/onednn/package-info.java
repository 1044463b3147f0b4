/**
 * Kernels on oneDNN's primitives, for floats on a CPU. In come shapes, out go kernels that set pointers to ND4J's arrays and run;
 * which algorithm and which layout is fast for a shape on this processor is decided here. Begin with {@link
 * org.focaldistill.nn.onednn.OneDnnLibrary}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.nn.onednn;
