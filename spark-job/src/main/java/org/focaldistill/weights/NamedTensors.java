package org.focaldistill.weights;

import java.util.Map;

/**
 * The tensors in a file and where their elements are.
 *
 * @param tensors by dotted path, in the file's order
 * @param others what else is at the file's top: keys, and of which kind if that says something
 */
record NamedTensors(Map<String, Named> tensors, Map<String, String> others, StorageBytes bytes) {

    /**
     * A tensor in its place.
     *
     * @param folder the path of the dictionary that holds it; empty at the top
     * @param top the first key of its path
     */
    record Named(StoredTensor tensor, String folder, String top) {}
}
