package org.focaldistill.sweep;

/** In which numbers a run asks its engine to compute. */
public enum NumericsChoice {
    /** tf32 on a card, as PyTorch's convolutions have it by default, and fp32 on all else. */
    AUTO,
    /** Floats. */
    FP32,
    /** Convolutions' products on tensor cores, of factors with 10 bits behind the point; all else in floats. */
    TF32,
    /**
     * Feature maps, their gradients and convolutions' factors with 7 bits behind the point, on tensor cores, as in PyTorch's autocast;
     * weights, sums, batch norms' statistics, the linear layer, the loss and the update in floats.
     */
    BF16
}
