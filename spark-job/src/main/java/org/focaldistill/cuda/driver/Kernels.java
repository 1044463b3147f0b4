package org.focaldistill.cuda.driver;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernels of one PTX file, loaded on a card. */
public final class Kernels implements AutoCloseable {
    /** Of {@code CUjit_option}. */
    private static final int ERROR_LOG = 5;

    private static final int ERROR_LOG_BYTES = 6;
    private static final int LOG_BYTES = 8192;

    private final Card card;
    private final Ptx ptx;
    private final Pointer module;
    private boolean closed;

    private Kernels(Card card, Ptx ptx, Pointer module) {
        this.card = card;
        this.ptx = ptx;
        this.module = module;
    }

    /** @throws CudaException if the driver can not translate them; the message has what it said */
    static Kernels load(Card card, Ptx ptx) {
        PointerByReference module = new PointerByReference();
        try (Memory log = new Memory(LOG_BYTES);
                Memory text = zeroTerminated(ptx.text())) {
            log.clear();
            @Nullable Pointer[] values = {log, new Pointer(LOG_BYTES)};
            int[] names = {ERROR_LOG, ERROR_LOG_BYTES};
            card.call(
                    driver -> driver.cuModuleLoadDataEx(module, text, names.length, names, values),
                    () -> "load " + ptx.name() + inBrackets(log.getString(0).strip()));
        }
        return new Kernels(card, ptx, module.getValue());
    }

    private static String inBrackets(String said) {
        return said.isEmpty() ? "" : " (" + said + ")";
    }

    private static Memory zeroTerminated(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        Memory memory = new Memory(bytes.length + 1L);
        memory.write(0, bytes, 0, bytes.length);
        memory.setByte(bytes.length, (byte) 0);
        return memory;
    }

    /** @throws IllegalArgumentException if the file has none of this name */
    public Kernel kernel(String name) {
        List<Integer> sizes = ptx.kernels().get(name);
        if (sizes == null) {
            throw new IllegalArgumentException("There is no kernel " + name + " in " + ptx.name());
        }
        PointerByReference function = new PointerByReference();
        card.call(driver -> driver.cuModuleGetFunction(function, module, name), "find " + name);
        return new Kernel(name, function.getValue(), sizes);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            card.giveBack(driver -> driver.cuModuleUnload(module), "unload " + ptx.name());
        }
    }
}
