/**
 * The one model format: safetensors with the zoo's PyTorch tensor names and a JSON header; and the reading of weights that
 * other programs wrote.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.weights;
