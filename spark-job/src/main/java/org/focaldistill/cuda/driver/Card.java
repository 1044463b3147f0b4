package org.focaldistill.cuda.driver;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A card that this process works on. Safe for several threads, as the driver is. What was made of it, memory, streams, kernels,
 * is to be closed before it.
 */
public final class Card implements AutoCloseable {
    /** Tensor cores of tf32 and bf16, and copies past the registers, came with it. */
    private static final int OLDEST_MAJOR = 8;

    /** Of {@code CUdevice_attribute}. */
    private static final int MULTIPROCESSORS = 16;

    private static final int COMPUTE_MODE = 20;
    private static final int PROHIBITED = 2;
    private static final int MAJOR = 75;
    private static final int MINOR = 76;

    private static final double MIB = 1 << 20;
    private static final int NAME_BYTES = 256;
    private static final int UUID_BYTES = 16;

    private final Driver driver;
    private final CardInfo info;
    private final int device;
    private final Pointer context;
    /** The error that ended it, for this process. */
    private volatile @Nullable CudaException lost;

    private final ReadWriteLock calls = new ReentrantReadWriteLock();
    private boolean closed;

    private Card(Driver driver, CardInfo info, int device, Pointer context) {
        this.driver = driver;
        this.info = info;
        this.device = device;
        this.context = context;
    }

    /**
     * Opens a card.
     *
     * @param ordinal see {@link CardInfo#ordinal}
     * @throws NoCardException if there is none of this number, or it can not run the kernels
     */
    public static Card open(int ordinal) throws NoCardException {
        return open(Driver.get(), ordinal);
    }

    static Card open(Driver driver, int ordinal) throws NoCardException {
        CardInfo info = usable(driver, ordinal);
        int device = device(driver, ordinal);
        PointerByReference context = new PointerByReference();
        driver.check(driver.functions().cuDevicePrimaryCtxRetain(context, device), "open the card " + info);
        return new Card(driver, info, device, context.getValue());
    }

    /**
     * Looks at a card, and does not open it.
     *
     * @param ordinal see {@link CardInfo#ordinal}
     * @throws NoCardException if there is none of this number, or it can not run the kernels
     */
    public static CardInfo usable(int ordinal) throws NoCardException {
        return usable(Driver.get(), ordinal);
    }

    private static CardInfo usable(Driver driver, int ordinal) throws NoCardException {
        int count = count(driver);
        if (ordinal < 0 || ordinal >= count) {
            throw new NoCardException("There is no card " + ordinal + " among the " + count
                    + " that this process sees. Check nvidia-smi -L and CUDA_VISIBLE_DEVICES");
        }
        CardInfo info = info(driver, ordinal);
        if (info.computeMajor() < OLDEST_MAJOR) {
            throw new NoCardException("The card " + info + " is too old: cards from compute capability " + OLDEST_MAJOR
                    + ".0 on can be used (NVIDIA A100, RTX 30xx and newer). Use the CPU");
        }
        if (attribute(driver, COMPUTE_MODE, device(driver, ordinal)) == PROHIBITED) {
            throw new NoCardException(
                    "The card " + info + " is in compute mode Prohibited. Allow work on it: nvidia-smi -c 0");
        }
        return info;
    }

    private static int count(Driver driver) {
        IntByReference count = new IntByReference();
        driver.check(driver.functions().cuDeviceGetCount(count), "count the cards");
        return count.getValue();
    }

    private static int device(Driver driver, int ordinal) {
        IntByReference device = new IntByReference();
        driver.check(driver.functions().cuDeviceGet(device, ordinal), "find card " + ordinal);
        return device.getValue();
    }

    private static CardInfo info(Driver driver, int ordinal) {
        int device = device(driver, ordinal);
        byte[] name = new byte[NAME_BYTES];
        driver.check(driver.functions().cuDeviceGetName(name, name.length, device), "name card " + ordinal);
        byte[] uuid = new byte[UUID_BYTES];
        driver.check(driver.functions().cuDeviceGetUuid(uuid, device), "identify card " + ordinal);
        LongByReference memory = new LongByReference();
        driver.check(driver.functions().cuDeviceTotalMem_v2(memory, device), "size card " + ordinal);
        return new CardInfo(
                ordinal,
                text(name),
                uuid(uuid),
                attribute(driver, MAJOR, device),
                attribute(driver, MINOR, device),
                attribute(driver, MULTIPROCESSORS, device),
                memory.getValue(),
                driver.version());
    }

    private static int attribute(Driver driver, int attribute, int device) {
        IntByReference value = new IntByReference();
        driver.check(driver.functions().cuDeviceGetAttribute(value, attribute, device), "describe card " + device);
        return value.getValue();
    }

    private static String text(byte[] zeroTerminated) {
        int length = 0;
        while (length < zeroTerminated.length && zeroTerminated[length] != 0) {
            length++;
        }
        return new String(zeroTerminated, 0, length, StandardCharsets.UTF_8);
    }

    private static String uuid(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return "GPU-" + new UUID(buffer.getLong(), buffer.getLong());
    }

    /** What it is. */
    public CardInfo info() {
        return info;
    }

    /** Bytes that are free, of all processes' use. */
    public long freeMemory() {
        LongByReference free = new LongByReference();
        call(functions -> functions.cuMemGetInfo_v2(free, new LongByReference()), "say what memory is free");
        return free.getValue();
    }

    /**
     * Memory of the card, which holds anything at first.
     *
     * @param bytes above 0
     * @throws CudaException if so much is not free, see {@link CudaException#isOutOfMemory}
     */
    public CardMemory allocate(long bytes) {
        LongByReference address = new LongByReference();
        call(functions -> functions.cuMemAlloc_v2(address, bytes), () -> {
            String needed = String.format(Locale.ROOT, "allocate %.1f MiB", bytes / MIB);
            return address.getValue() != 0
                    ? needed
                    : needed
                            + String.format(
                                    Locale.ROOT,
                                    " where %.1f MiB are free (fewer trials at a time need less)",
                                    freeMemory() / MIB);
        });
        return new CardMemory(this, address.getValue(), bytes);
    }

    /** A queue of work. */
    public CardStream stream() {
        PointerByReference stream = new PointerByReference();
        // Not in step with the default stream, which nothing here uses.
        call(functions -> functions.cuStreamCreate(stream, 1), "make a stream");
        return new CardStream(this, stream.getValue());
    }

    /** Kernels, translated for this card. */
    public Kernels load(Ptx ptx) {
        return Kernels.load(this, ptx);
    }

    /**
     * Whether an error of a kernel ended it for this process: nothing of it can be used any more, and what was on it is gone. A
     * new one may be opened when it is closed.
     */
    public boolean isLost() {
        return lost != null;
    }

    /**
     * Calls the driver, working on this card.
     *
     * @param what it is to do
     * @throws CudaException if it did not; at once if the card is lost or closed, as its addresses may be another's by now
     */
    void call(ToIntFunction<CudaDriver> function, String what) {
        call(function, () -> what);
    }

    /** @param what it was to do, asked afterwards */
    void call(ToIntFunction<CudaDriver> function, Supplier<String> what) {
        // Others may close it meanwhile, but not while the driver works on it.
        calls.readLock().lock();
        try {
            requireThere();
            CudaDriver functions = driver.functions();
            check(functions.cuCtxSetCurrent(context), "be worked on");
            check(function.applyAsInt(functions), what.get());
        } finally {
            calls.readLock().unlock();
        }
    }

    private void requireThere() {
        CudaException before = lost;
        if (before != null) {
            throw new CudaException(
                    "The card " + info.name() + " was lost before. " + before.getMessage(), before.name());
        }
        if (closed) {
            throw new IllegalStateException("The card " + info.name() + " is closed");
        }
    }

    private void check(int result, String what) {
        try {
            driver.check(result, what + " on the card " + info.name());
        } catch (CudaException e) {
            if (e.endsTheContext()) {
                lost = e;
            }
            throw e;
        }
    }

    /** Gives something of it back, for which there is nothing to do when it is lost. */
    void giveBack(ToIntFunction<CudaDriver> function, String what) {
        try {
            if (!isLost()) {
                call(function, what);
            }
        } catch (CudaException e) {
            if (!isLost()) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        calls.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            int result = driver.functions().cuDevicePrimaryCtxRelease_v2(device);
            if (!isLost()) {
                check(result, "be left");
            }
        } finally {
            calls.writeLock().unlock();
        }
    }
}
