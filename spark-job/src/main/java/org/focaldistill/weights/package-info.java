/**
 * Files of weights and logits. The one model format is safetensors with the zoo's PyTorch tensor names and a header of strings:
 * begin at {@link org.focaldistill.weights.Safetensors}. In come its bytes, or a file that another program wrote, through
 * {@link org.focaldistill.weights.ForeignWeights}, which runs no code of it; out go named float tensors, or what is wrong where
 * as {@link org.focaldistill.weights.InvalidModelException}. {@link org.focaldistill.weights.LogitsFile} keeps a teacher's
 * logits, {@code OnnxModel} writes a network as ONNX.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.weights;
