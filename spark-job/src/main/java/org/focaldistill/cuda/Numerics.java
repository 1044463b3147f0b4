package org.focaldistill.cuda;

import java.util.List;

/**
 * The numbers of convolutions' products, and of the maps between them. All else is fp32: weights, sums, norms, what is behind the
 * mean over an image's pixels, the loss and the update.
 */
enum Numerics {
    /** Products of floats. */
    FP32("fp32", "convolution", Stored.FLOATS, List.of()),
    /** Factors with 10 bits behind the point, on tensor cores, as PyTorch's convolutions have them by default. */
    TF32("tf32", "convolution_tf32", Stored.FLOATS, List.of("convolution_tf32.ptx")),
    /** Maps and factors of 8 bits, on tensor cores, as PyTorch's autocast has them; half of tf32's memory for maps. */
    BF16(
            "bf16",
            "convolution_bf16",
            Stored.BFLOATS,
            List.of("convolution_bf16.ptx", "norm_bf16.ptx", "layers_bf16.ptx"));

    private final String word;
    private final String convolution;
    private final Stored maps;
    private final List<String> files;

    Numerics(String word, String convolution, Stored maps, List<String> files) {
        this.word = word;
        this.convolution = convolution;
        this.maps = maps;
        this.files = files;
    }

    /** @throws IllegalArgumentException if a card's engine has none of this name */
    static Numerics of(String word) {
        for (Numerics numerics : values()) {
            if (numerics.word.equals(word)) {
                return numerics;
            }
        }
        throw new IllegalArgumentException(
                "A card can not compute in numerics " + word + ", only in fp32, tf32 and bf16");
    }

    /** What its kernels' names begin with. */
    String convolution() {
        return convolution;
    }

    /** How maps are stored. */
    Stored maps() {
        return maps;
    }

    /** Files of kernels beside those of fp32. */
    List<String> files() {
        return files;
    }
}
