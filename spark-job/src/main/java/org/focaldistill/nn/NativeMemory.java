package org.focaldistill.nn;

import org.bytedeco.javacpp.Pointer;

/** What this process holds of the machine's memory. */
public final class NativeMemory {
    private NativeMemory() {}

    /** Bytes of the whole process that are in memory. */
    public static long resident() {
        return Pointer.physicalBytes();
    }

    /** Those outside the Java heap, after a collection, which is when ND4J and JavaCPP free what nobody refers to. */
    public static long outsideHeap() {
        System.gc();
        return resident() - Runtime.getRuntime().totalMemory();
    }
}
