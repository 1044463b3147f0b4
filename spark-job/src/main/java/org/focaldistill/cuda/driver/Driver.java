package org.focaldistill.cuda.driver;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import org.jspecify.annotations.Nullable;

/** The NVIDIA driver of this machine, loaded and ready. */
final class Driver {
    private static final String LIBRARY = "libcuda.so.1";
    /** Names another library, for tests. */
    private static final String LIBRARY_PROPERTY = "focaldistill.cuda.library";
    /** That of CUDA 11.0, 450. */
    private static final int OLDEST = 11_000;

    private static final int NO_DEVICE = 100;

    private static @Nullable Driver loaded;

    private final CudaDriver functions;

    private Driver(CudaDriver functions) {
        this.functions = functions;
    }

    /** @throws NoCardException if there is no driver, or it finds no card */
    static synchronized Driver get() throws NoCardException {
        Driver driver = loaded;
        if (driver == null) {
            driver = load(System.getProperty(LIBRARY_PROPERTY, LIBRARY));
            loaded = driver;
        }
        return driver;
    }

    /** @param library its name, for the loader to find, or its path */
    static Driver load(String library) throws NoCardException {
        CudaDriver functions;
        try {
            functions = Native.load(library, CudaDriver.class);
        } catch (UnsatisfiedLinkError e) {
            throw NoCardException.noDriver(
                    "There is no NVIDIA driver here, " + library + " is not found. Install the driver of"
                            + " your card (450 or newer), nothing else is needed; in a container, run it with --gpus all");
        }
        Driver driver = new Driver(functions);
        // Asked first: functions that are called later are newer than some drivers.
        if (driver.version() < OLDEST) {
            throw new NoCardException("The NVIDIA driver is too old: it is for CUDA " + driver.version() / 1000 + "."
                    + driver.version() % 1000 / 10 + ", and 11.0 is needed. Install driver 450 or newer");
        }
        int result = functions.cuInit(0);
        if (result == NO_DEVICE) {
            throw new NoCardException(
                    "The NVIDIA driver finds no card. Check that nvidia-smi lists it, and" + " CUDA_VISIBLE_DEVICES");
        }
        if (result != 0) {
            throw new NoCardException(
                    "The NVIDIA driver does not start: " + driver.describe(result) + ". Check that nvidia-smi works");
        }
        return driver;
    }

    CudaDriver functions() {
        return functions;
    }

    /** Of CUDA, as the driver has it: 11000 for 11.0. */
    int version() {
        IntByReference version = new IntByReference();
        check(functions.cuDriverGetVersion(version), "say its version");
        return version.getValue();
    }

    /**
     * Checks what a function returned.
     *
     * @param what the driver was to do
     * @throws CudaException if it did not
     */
    void check(int result, String what) {
        if (result != 0) {
            throw new CudaException("The NVIDIA driver could not " + what + ": " + describe(result), name(result));
        }
    }

    private String describe(int result) {
        PointerByReference text = new PointerByReference();
        boolean known = functions.cuGetErrorString(result, text) == 0 && text.getValue() != null;
        return name(result) + (known ? " (" + text.getValue().getString(0) + ")" : "");
    }

    private String name(int result) {
        PointerByReference name = new PointerByReference();
        boolean known = functions.cuGetErrorName(result, name) == 0 && name.getValue() != null;
        return known ? name.getValue().getString(0) : "CUDA error " + result;
    }
}
