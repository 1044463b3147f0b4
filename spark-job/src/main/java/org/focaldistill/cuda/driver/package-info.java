/**
 * A card and its driver, and nothing else that CUDA has: no toolkit, no runtime library. In come addresses, bytes and kernels
 * in PTX, out go results and {@link org.focaldistill.cuda.driver.CudaException}s. Begin at
 * {@link org.focaldistill.cuda.driver.Card}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.cuda.driver;
