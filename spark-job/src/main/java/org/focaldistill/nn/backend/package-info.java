/**
 * What there is to run on in this process: ND4J's backend, the library of kernels for a data type, a bound CUDA device, native
 * memory, and the folder that libraries are unpacked to. Asking loads native libraries, except for that folder. Begin with
 * {@link org.focaldistill.nn.backend.KernelLibraries}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.nn.backend;
