package org.focaldistill.nn.backend;

import java.lang.reflect.InvocationTargetException;
import java.util.Locale;

/**
 * The GPU of this process, where ND4J's CUDA backend is on the class path. That is asked of CUDA itself, through classes
 * found by name as the usual build is without them, and before ND4J loads, which on a GPU it has no code for ends in
 * errors that do not say so.
 */
public final class CudaDevice {
    private static final String BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";
    private static final String CUDA = "org.bytedeco.cuda.global.cudart";
    /** Of CUDA's {@code cudaDeviceAttr}. */
    private static final int CAPABILITY_MAJOR = 75;

    private static final int CAPABILITY_MINOR = 76;

    private CudaDevice() {}

    /** Whether Deeplearning4j's networks of this process run on a GPU; loads nothing. */
    public static boolean isWanted() {
        String resource = BACKEND.replace('.', '/') + ".class";
        return CudaDevice.class.getClassLoader().getResource(resource) != null;
    }

    /**
     * Checks the first device that CUDA shows this process.
     *
     * @return its compute capability, e.g. 8.6
     * @throws IllegalStateException if there is none, or none that ND4J's kernels run on; with what to do
     */
    public static String requireUsable() {
        int[] count = {0};
        call("cudaGetDeviceCount", new Class<?>[] {int[].class}, count);
        if (count[0] == 0) {
            throw new IllegalStateException(
                    "CUDA finds no GPU. Check that nvidia-smi lists it, and CUDA_VISIBLE_DEVICES");
        }
        int major = attribute(CAPABILITY_MAJOR);
        int minor = attribute(CAPABILITY_MINOR);
        requireKernels(major, minor);
        return String.format(Locale.ROOT, "%d.%d", major, minor);
    }

    /**
     * Checks a compute capability. The library holds machine code for 3.7, 5.0, 5.2, 6.0, 6.1, 7.0, 7.5, 8.0 and 8.6,
     * each of which also runs on later minors of its major, and nothing that a driver could translate for others.
     *
     * @throws IllegalStateException if ND4J has no kernels for it
     */
    static void requireKernels(int major, int minor) {
        boolean usable = (major == 3 && minor == 7) || (major >= 5 && major <= 8);
        if (!usable) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "its compute capability is %d.%d, and nd4j-cuda-11.6 has kernels for 3.7 and 5.0 to 8.9 only (up to"
                            + " RTX 40xx; not H100 or newer). Use another GPU, or the CPU: mvn clean package without -Pcuda",
                    major,
                    minor));
        }
    }

    private static int attribute(int which) {
        int[] value = {0};
        call("cudaDeviceGetAttribute", new Class<?>[] {int[].class, int.class, int.class}, value, which, 0);
        return value[0];
    }

    private static void call(String name, Class<?>[] types, Object... arguments) {
        try {
            Object code = Class.forName(CUDA).getMethod(name, types).invoke(null, arguments);
            if (!Integer.valueOf(0).equals(code)) {
                throw new IllegalStateException("CUDA's " + name + " failed with code " + code
                        + "; is the driver at least that of CUDA 11.6 (510)?");
            }
        } catch (InvocationTargetException e) {
            throw notInstalled(e.getTargetException());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw notInstalled(e);
        }
    }

    /** The library that is missing is named by the innermost cause, if at all. */
    private static IllegalStateException notInstalled(Throwable error) {
        Throwable innermost = error;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return new IllegalStateException(
                "CUDA's library does not load (" + innermost.getMessage() + "). It needs NVIDIA's driver, 510 or newer,"
                        + " CUDA 11.6 (libcudart.so.11.0) and cuDNN 8, their folders in LD_LIBRARY_PATH",
                error);
    }
}
