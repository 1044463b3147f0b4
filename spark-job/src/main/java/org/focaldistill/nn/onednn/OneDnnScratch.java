package org.focaldistill.nn.onednn;

/** What a thread's memory is for. A kernel finds nothing there that it did not put there in the same call. */
enum OneDnnScratch {
    /** Within one primitive. */
    SCRATCHPAD,
    /** A copy of what a convolution reads, or of its gradient. */
    INPUT,
    /** A copy of what a convolution writes, or of its gradient. */
    OUTPUT
}
