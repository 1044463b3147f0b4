/** CIFAR archives, in-memory images (uint8), views (crop and flip as one integer), batches, generated images. */
@org.jspecify.annotations.NullMarked
package org.focaldistill.data;
