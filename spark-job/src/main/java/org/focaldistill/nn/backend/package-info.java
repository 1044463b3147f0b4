/**
 * What there is to run on in this process: ND4J's backend, the library of kernels for a data type, a bound CUDA device, native
 * memory. Asking loads native libraries. Begin with {@link org.focaldistill.nn.backend.KernelLibraries}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.nn.backend;
