package org.focaldistill.nn.onednn;

/** oneDNN offers only its reference implementation for a shape on this processor. */
final class SlowImplementationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SlowImplementationException(String primitive, String implementation) {
        super("oneDNN has only " + implementation + " for " + primitive + " on this processor");
    }
}
