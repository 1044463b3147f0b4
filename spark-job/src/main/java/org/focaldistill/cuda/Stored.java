package org.focaldistill.cuda;

/** How a map's values, and those of its gradient, lie in an arena; {@code stored.cuh}. */
enum Stored {
    /** Of 32 bits. */
    FLOATS(Float.BYTES, ""),
    /** The first 16 bits of a float, rounded. */
    BFLOATS(Short.BYTES, "_bf16");

    private final int bytes;
    private final String ending;

    Stored(int bytes, String ending) {
        this.bytes = bytes;
        this.ending = ending;
    }

    /** Of a value. */
    int bytes() {
        return bytes;
    }

    /** The kernel of this name for maps stored so. */
    String kernel(String name) {
        return name + ending;
    }
}
