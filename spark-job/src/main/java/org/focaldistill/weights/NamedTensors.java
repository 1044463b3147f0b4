package org.focaldistill.weights;

import java.util.Map;
import org.focaldistill.weights.PickleValue.Opaque;

/**
 * The tensors in a file and where their elements are.
 *
 * @param tensors by dotted path, in the file's order
 * @param objects what stands in dictionaries and is neither a tensor nor a dictionary, by dotted path
 * @param others what else is at the file's top: keys, and of which kind if that says something
 */
record NamedTensors(
        Map<String, Named> tensors, Map<String, Opaque> objects, Map<String, String> others, StorageBytes bytes) {

    /**
     * A tensor in its place.
     *
     * @param folder the path of the dictionary that holds it; empty at the top
     * @param top the first key of its path
     */
    record Named(StoredTensor tensor, String folder, String top) {}
}
