package org.focaldistill.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** A zip file in memory, read by its central directory, as PyTorch itself reads it. Nothing is unpacked unasked. */
final class ZipDirectory {
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int ENTRY_BYTES = 46;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final int ENCRYPTED = 1;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    /** More than a model of a billion bytes has no use here, and a small file can unpack to it. */
    private static final long MOST_BYTES = 1L << 30;

    /** Weights hardly shrink at all; zeros do so to a thousandth. */
    private static final long MOST_SHRUNK = 100;

    private static final long UNSUSPICIOUS_BYTES = 1L << 20;

    private final ByteBuffer file;
    private final Refusal refusal;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** An entry of the central directory. */
    private record Entry(int flags, int method, int crc, long packed, long size, long local) {}

    ZipDirectory(byte[] bytes, Refusal refusal) throws InvalidModelException {
        this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.refusal = refusal;
        readEntries(end());
        long total = 0;
        for (Entry entry : entries.values()) {
            total += entry.size;
        }
        if (total > MOST_BYTES) {
            throw refusal.because("its zip entries have " + total + " bytes when unpacked; at most " + MOST_BYTES
                    + " are read, it has not been unpacked");
        }
    }

    Set<String> names() {
        return entries.keySet();
    }

    /** The size of an entry when unpacked, or null if there is none of the name. */
    @Nullable Long size(String name) {
        Entry entry = entries.get(name);
        return entry == null ? null : entry.size;
    }

    /** An entry's bytes, little-endian; of one that is not compressed, without copying them. */
    ByteBuffer read(String name) throws InvalidModelException {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw refusal.because("its zip entry " + Refusal.shown(name) + " is missing");
        }
        ByteBuffer packed = packed(name, entry);
        ByteBuffer content = entry.method == STORED ? packed : inflate(name, entry, packed);
        requireChecksum(name, entry, content);
        return content.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Where the record at the file's end is that says where the directory is. */
    private int end() throws InvalidModelException {
        int first = Math.max(0, file.capacity() - END_BYTES - LONGEST_COMMENT);
        for (int at = file.capacity() - END_BYTES; at >= first; at--) {
            if (file.getInt(at) == END_SIGNATURE && at + END_BYTES + unsignedShort(at + 20) == file.capacity()) {
                return at;
            }
        }
        throw refusal.because("it begins as a zip file, but its " + file.capacity()
                + " bytes do not end with a zip directory: it is cut short; fetch or copy it again");
    }

    private void readEntries(int end) throws InvalidModelException {
        long begin = unsignedInt(end + 16);
        long stop = begin + unsignedInt(end + 12);
        if (stop > end) {
            throw refusal.because("its zip directory is said to lie at the bytes " + begin + " to " + stop
                    + ", beyond its end at byte " + end + ": it is damaged");
        }
        int at = (int) begin;
        while (at < stop) {
            if (stop - at < ENTRY_BYTES || file.getInt(at) != ENTRY_SIGNATURE) {
                throw damaged(at);
            }
            int name = unsignedShort(at + 28);
            long next = (long) at + ENTRY_BYTES + name + unsignedShort(at + 30) + unsignedShort(at + 32);
            if (next > stop) {
                throw damaged(at);
            }
            add(text(at + ENTRY_BYTES, name), entry(at));
            at = (int) next;
        }
    }

    private InvalidModelException damaged(int at) {
        return refusal.because("its zip directory is damaged at byte " + at);
    }

    private Entry entry(int at) {
        return new Entry(
                unsignedShort(at + 8),
                unsignedShort(at + 10),
                file.getInt(at + 16),
                unsignedInt(at + 20),
                unsignedInt(at + 24),
                unsignedInt(at + 42));
    }

    private void add(String name, Entry entry) throws InvalidModelException {
        String shown = Refusal.shown(name);
        if ((entry.flags & ENCRYPTED) != 0) {
            throw refusal.because("its zip entry " + shown + " is encrypted");
        }
        if (entry.method != STORED && entry.method != DEFLATED) {
            throw refusal.because(
                    "its zip entry " + shown + " is compressed by method " + entry.method + "; PyTorch only stores");
        }
        if (entry.size > UNSUSPICIOUS_BYTES && entry.size / MOST_SHRUNK > entry.packed) {
            throw refusal.because("its zip entry " + shown + " unpacks from " + entry.packed + " bytes to " + entry.size
                    + ", as no weights do; it has not been unpacked");
        }
        if (entries.put(name, entry) != null) {
            throw refusal.because(
                    "its zip directory names " + shown + " twice: which of them is meant can not be known");
        }
    }

    private ByteBuffer packed(String name, Entry entry) throws InvalidModelException {
        String shown = Refusal.shown(name);
        long at = entry.local;
        if (at + LOCAL_BYTES > file.capacity() || file.getInt((int) at) != LOCAL_SIGNATURE) {
            throw refusal.because("its zip entry " + shown + " should begin at byte " + at + ", where none does");
        }
        int local = (int) at;
        int nameLength = unsignedShort(local + 26);
        long begin = at + LOCAL_BYTES + nameLength + unsignedShort(local + 28);
        if (begin + entry.packed > file.capacity()) {
            throw refusal.because("its zip entry " + shown + " reaches beyond the file's end");
        }
        if (!text(local + LOCAL_BYTES, nameLength).equals(name) || unsignedShort(local + 8) != entry.method) {
            throw refusal.because(
                    "its zip entry " + shown + " is described otherwise at byte " + at + " than in the directory");
        }
        if (entry.method == STORED && entry.packed != entry.size) {
            throw refusal.because("its zip entry " + shown + " is not compressed, yet is said to have " + entry.packed
                    + " bytes in the file and " + entry.size + " unpacked");
        }
        return file.slice((int) begin, (int) entry.packed);
    }

    private ByteBuffer inflate(String name, Entry entry, ByteBuffer packed) throws InvalidModelException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            // One byte more than there should be shows whether there are more.
            byte[] content = new byte[(int) entry.size + 1];
            int length = 0;
            int read = 1;
            while (read > 0 && length < content.length) {
                read = inflater.inflate(content, length, content.length - length);
                length += read;
            }
            if (length != entry.size || !inflater.finished()) {
                throw refusal.because("its zip entry " + Refusal.shown(name) + " does not unpack to the " + entry.size
                        + " bytes it is said to have");
            }
            return ByteBuffer.wrap(content, 0, length).slice();
        } catch (DataFormatException e) {
            throw refusal.because("its zip entry " + Refusal.shown(name) + " can not be unpacked: " + e.getMessage());
        } finally {
            inflater.end();
        }
    }

    private void requireChecksum(String name, Entry entry, ByteBuffer content) throws InvalidModelException {
        CRC32 crc = new CRC32();
        crc.update(content.duplicate());
        // PyTorch can be told to leave the checksums out: they are 0 then.
        if (entry.crc != 0 && (int) crc.getValue() != entry.crc) {
            throw refusal.because("its zip entry " + Refusal.shown(name)
                    + " does not have the checksum it should: it is damaged; fetch or copy the file again");
        }
    }

    private String text(int at, int length) throws InvalidModelException {
        if (at + (long) length > file.capacity()) {
            throw damaged(at);
        }
        byte[] text = new byte[length];
        file.get(at, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private int unsignedShort(int at) {
        return Short.toUnsignedInt(file.getShort(at));
    }

    private long unsignedInt(int at) {
        return Integer.toUnsignedLong(file.getInt(at));
    }
}
