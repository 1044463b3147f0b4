package org.focaldistill.cuda.driver;

import java.util.Set;

/** The driver refused something, or an error of the card came to light: {@link #name} says which. */
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String OUT_OF_MEMORY = "CUDA_ERROR_OUT_OF_MEMORY";

    /** Errors of a kernel or the hardware, after which the driver refuses all work of the process on the card. */
    private static final Set<String> ENDING = Set.of(
            "CUDA_ERROR_ECC_UNCORRECTABLE",
            "CUDA_ERROR_NVLINK_UNCORRECTABLE",
            "CUDA_ERROR_CONTAINED",
            "CUDA_ERROR_INVALID_CONTEXT",
            "CUDA_ERROR_ILLEGAL_ADDRESS",
            "CUDA_ERROR_LAUNCH_TIMEOUT",
            "CUDA_ERROR_CONTEXT_IS_DESTROYED",
            "CUDA_ERROR_ASSERT",
            "CUDA_ERROR_HARDWARE_STACK_ERROR",
            "CUDA_ERROR_ILLEGAL_INSTRUCTION",
            "CUDA_ERROR_MISALIGNED_ADDRESS",
            "CUDA_ERROR_INVALID_ADDRESS_SPACE",
            "CUDA_ERROR_INVALID_PC",
            "CUDA_ERROR_LAUNCH_FAILED",
            "CUDA_ERROR_EXTERNAL_DEVICE",
            "CUDA_ERROR_UNKNOWN");

    private final String name;

    CudaException(String message, String name) {
        super(message);
        this.name = name;
    }

    /** CUDA's name of the error, e.g. {@code CUDA_ERROR_ILLEGAL_ADDRESS}. */
    public String name() {
        return name;
    }

    /** Whether all that this process has on the card is lost with it. */
    boolean endsTheContext() {
        return ENDING.contains(name);
    }

    /** Whether the card has too little memory free; it goes on working. */
    public boolean isOutOfMemory() {
        return name.equals(OUT_OF_MEMORY);
    }
}
