package org.focaldistill.cuda.driver;

/** The driver refused something, or an error of the card came to light: {@link #name} says which. */
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String OUT_OF_MEMORY = "CUDA_ERROR_OUT_OF_MEMORY";

    private final String name;

    CudaException(String message, String name) {
        super(message);
        this.name = name;
    }

    /** CUDA's name of the error, e.g. {@code CUDA_ERROR_ILLEGAL_ADDRESS}. */
    public String name() {
        return name;
    }

    /** Whether the card has too little memory free; it goes on working. */
    public boolean isOutOfMemory() {
        return name.equals(OUT_OF_MEMORY);
    }
}
