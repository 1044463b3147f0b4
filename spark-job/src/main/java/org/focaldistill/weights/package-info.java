/** The one model format: safetensors with the zoo's PyTorch tensor names and a JSON header. */
@org.jspecify.annotations.NullMarked
package org.focaldistill.weights;
