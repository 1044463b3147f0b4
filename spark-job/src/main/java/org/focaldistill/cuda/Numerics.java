package org.focaldistill.cuda;

import java.util.List;

/**
 * The numbers of convolutions' products. All else is fp32: weights, activations, sums, norms, the linear layer, loss and update.
 */
enum Numerics {
    /** Products of floats. */
    FP32("fp32", "convolution", List.of()),
    /** Factors with 10 bits behind the point, on tensor cores, as PyTorch's convolutions have them by default. */
    TF32("tf32", "convolution_tf32", List.of("convolution_tf32.ptx"));

    private final String word;
    private final String convolution;
    private final List<String> files;

    Numerics(String word, String convolution, List<String> files) {
        this.word = word;
        this.convolution = convolution;
        this.files = files;
    }

    /** @throws IllegalArgumentException if a card's engine has none of this name */
    static Numerics of(String word) {
        for (Numerics numerics : values()) {
            if (numerics.word.equals(word)) {
                return numerics;
            }
        }
        throw new IllegalArgumentException("A card can not compute in numerics " + word + ", only in fp32 and tf32");
    }

    /** What its kernels' names begin with. */
    String convolution() {
        return convolution;
    }

    /** Files of kernels beside those of fp32. */
    List<String> files() {
        return files;
    }
}
