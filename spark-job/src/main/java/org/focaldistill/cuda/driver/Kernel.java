package org.focaldistill.cuda.driver;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.List;

/** A kernel on a card, to be launched by {@link CardStream#launch}. */
public final class Kernel {
    private static final int WORD = Long.BYTES;

    private final String name;
    private final Pointer function;
    private final List<Integer> sizes;

    Kernel(String name, Pointer function, List<Integer> sizes) {
        this.name = name;
        this.function = function;
        this.sizes = sizes;
    }

    /** How many blocks are launched. */
    public record Grid(int x, int y, int z) {
        private static final int MOST = 65535;

        public Grid {
            if (x < 1 || y < 1 || z < 1 || y > MOST || z > MOST) {
                throw new IllegalArgumentException("Cannot launch " + x + " x " + y + " x " + z + " blocks");
            }
        }
    }

    String name() {
        return name;
    }

    Pointer function() {
        return function;
    }

    /**
     * What the driver is given: pointers to each argument, behind them the arguments.
     *
     * @throws IllegalArgumentException if they are not those of the kernel
     */
    Memory packed(Object... arguments) {
        if (arguments.length != sizes.size()) {
            throw new IllegalArgumentException(
                    name + " takes " + sizes.size() + " arguments, found " + arguments.length);
        }
        Memory memory = new Memory(Math.max(1, 2L * WORD * arguments.length));
        for (int i = 0; i < arguments.length; i++) {
            long at = (long) WORD * (arguments.length + i);
            if (sizes.get(i) != write(memory, at, arguments[i])) {
                throw new IllegalArgumentException(
                        "Argument " + i + " of " + name + " has " + sizes.get(i) + " bytes, found " + arguments[i]
                                + " of type " + arguments[i].getClass().getSimpleName());
            }
            memory.setPointer((long) WORD * i, memory.share(at));
        }
        return memory;
    }

    /** @return how many bytes it has */
    private static int write(Memory memory, long at, Object argument) {
        if (argument instanceof Long number) {
            memory.setLong(at, number);
            return Long.BYTES;
        }
        if (argument instanceof Integer number) {
            memory.setInt(at, number);
            return Integer.BYTES;
        }
        if (argument instanceof Float number) {
            memory.setFloat(at, number);
            return Float.BYTES;
        }
        throw new IllegalArgumentException("Kernels take a long, an int or a float, found " + argument);
    }
}
