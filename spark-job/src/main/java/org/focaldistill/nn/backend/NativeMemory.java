package org.focaldistill.nn.backend;

import org.bytedeco.javacpp.Pointer;

/** What this process holds of the machine's memory. */
public final class NativeMemory {
    private NativeMemory() {}

    /** Bytes of the whole process that are in memory. */
    public static long resident() {
        return Pointer.physicalBytes();
    }

    /**
     * About how many of them lie outside the Java heap: resident memory less what the heap has committed, right after a
     * collection. ND4J and JavaCPP free on threads of their own, so what counts is the course of several readings.
     */
    public static long outsideHeap() {
        System.gc();
        return resident() - Runtime.getRuntime().totalMemory();
    }
}
