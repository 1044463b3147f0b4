package org.focaldistill.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * A zip file in memory, read by its central directory, as PyTorch itself reads it. Nothing is unpacked unasked, and
 * nothing is copied that is not compressed.
 *
 * <p>commons-compress reads the directory. It would also unpack whatever it is given, so that all refusals are here: sizes
 * no model has, a name of two entries, a header that is another entry's, bytes that do not fit size or checksum.
 */
final class ZipDirectory {
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int ZIP64_END_SIGNATURE = 0x06064b50;
    private static final int END_BYTES = 22;
    private static final int DIRECTORY_SIGNATURE = 0x02014b50;
    private static final int HEADER_SIGNATURE = 0x04034b50;
    private static final int HEADER_BYTES = 30;
    /** More than a model of a billion bytes has no use here, and a small file can unpack to it. */
    private static final long MOST_BYTES = 1L << 30;

    /** Weights hardly shrink at all; zeros do so to a thousandth. */
    private static final long MOST_SHRUNK = 100;

    private static final long UNSUSPICIOUS_BYTES = 1L << 20;

    private final ByteBuffer file;
    private final Refusal refusal;
    private final Map<String, ZipArchiveEntry> entries = new LinkedHashMap<>();

    ZipDirectory(byte[] bytes, Refusal refusal) throws InvalidModelException {
        this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.refusal = refusal;
        InPieces channel = new InPieces(bytes);
        // Without the headers before entries: any number of entries may share one, and each would hold its 64 KB.
        try (ZipFile zip = new ZipFile(channel, refusal.file(), StandardCharsets.UTF_8.name(), false, true)) {
            // It reads on until what comes is no entry, be that so by damage.
            requireEnd((int) channel.position() - Integer.BYTES);
            long total = 0;
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                requirePlain(entry);
                requireSmall(entry, total);
                total += entry.getSize();
                if (entries.put(entry.getName(), entry) != null) {
                    throw refusal.because("its zip directory names " + Refusal.shown(entry.getName())
                            + " twice: which of them is meant can not be known");
                }
                // Only now it finds out where the data begins, from two lengths that end the header before it.
                zip.getRawInputStream(entry).close();
                requireSame(entry, (int) channel.position() - HEADER_BYTES);
            }
        } catch (InvalidModelException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            InvalidModelException refused = refusal.because(unsound());
            refused.initCause(e);
            throw refused;
        }
    }

    /** Why no directory was found where the last one may begin. */
    private String unsound() {
        for (int at = file.capacity() - END_BYTES; at >= 0; at--) {
            if (file.getInt(at) == END_SIGNATURE && isDirectory(file.getInt(at + 16))) {
                int end = at + END_BYTES + Short.toUnsignedInt(file.getShort(at + 20));
                if (end < file.capacity()) {
                    return "its zip directory ends at byte " + end + ", and " + (file.capacity() - end)
                            + " bytes more follow: something was added to it; cut them off, or fetch or copy it again";
                }
            }
        }
        return "it begins as a zip file, but its " + file.capacity()
                + " bytes do not end with a sound zip directory: it"
                + " is cut short or damaged; fetch or copy it again";
    }

    private boolean isDirectory(int at) {
        return at >= 0 && at <= file.capacity() - Integer.BYTES && file.getInt(at) == DIRECTORY_SIGNATURE;
    }

    Set<String> names() {
        return entries.keySet();
    }

    /** The size of an entry when unpacked, or null if there is none of the name. */
    @Nullable Long size(String name) {
        ZipArchiveEntry entry = entries.get(name);
        return entry == null ? null : entry.getSize();
    }

    /** An entry's bytes, little-endian; of one that is not compressed, without copying them. */
    ByteBuffer read(String name) throws InvalidModelException {
        ZipArchiveEntry entry = entries.get(name);
        if (entry == null) {
            throw refusal.because("its zip entry " + Refusal.shown(name) + " is missing");
        }
        ByteBuffer packed = file.slice((int) entry.getDataOffset(), (int) entry.getCompressedSize());
        ByteBuffer content = entry.getMethod() == ZipEntry.STORED ? packed : inflate(entry, packed);
        requireChecksum(entry, content);
        return content.order(ByteOrder.LITTLE_ENDIAN);
    }

    private void requireEnd(int at) throws InvalidModelException {
        int signature = file.getInt(at);
        if (signature != END_SIGNATURE && signature != ZIP64_END_SIGNATURE) {
            throw refusal.because("its zip directory is damaged at byte " + at + "; fetch or copy it again");
        }
    }

    private void requirePlain(ZipArchiveEntry entry) throws InvalidModelException {
        long packed = entry.getCompressedSize();
        long size = entry.getSize();
        if (entry.getGeneralPurposeBit().usesEncryption()) {
            throw refused(entry, "is encrypted");
        }
        if (entry.getMethod() != ZipEntry.STORED && entry.getMethod() != ZipEntry.DEFLATED) {
            throw refused(entry, "is compressed by method " + entry.getMethod() + "; PyTorch only stores");
        }
        if (size > UNSUSPICIOUS_BYTES && size / MOST_SHRUNK > packed) {
            throw refused(
                    entry,
                    "unpacks from " + packed + " bytes to " + size + ", as no weights do; it has not been unpacked");
        }
        if (entry.getMethod() == ZipEntry.STORED && packed != size) {
            throw refused(
                    entry,
                    "is not compressed, yet is said to have " + packed + " bytes in the file and " + size
                            + " unpacked");
        }
    }

    /** @param before bytes of the entries before it */
    private void requireSmall(ZipArchiveEntry entry, long before) throws InvalidModelException {
        if (entry.getSize() > MOST_BYTES - before) {
            throw refusal.because("its zip entries have more than " + MOST_BYTES
                    + " bytes when unpacked, the most that is read; it has not been unpacked");
        }
    }

    /** The library takes for a header what is where the directory says, whatever it is. */
    private void requireSame(ZipArchiveEntry entry, int header) throws InvalidModelException {
        ByteBuffer name = ByteBuffer.wrap(entry.getRawName());
        if (file.getInt(header) != HEADER_SIGNATURE
                || file.getShort(header + 8) != entry.getMethod()
                || file.getShort(header + 26) != (short) name.capacity()
                || !file.slice(header + HEADER_BYTES, name.capacity()).equals(name)) {
            throw refused(entry, "is described otherwise at byte " + header + " than in the directory");
        }
    }

    private ByteBuffer inflate(ZipArchiveEntry entry, ByteBuffer packed) throws InvalidModelException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            // One byte more than there should be shows whether there are more.
            byte[] content = new byte[(int) entry.getSize() + 1];
            int length = inflater.inflate(content);
            if (length != entry.getSize() || !inflater.finished()) {
                throw refused(entry, "does not unpack to the " + entry.getSize() + " bytes it is said to have");
            }
            return ByteBuffer.wrap(content, 0, length).slice();
        } catch (DataFormatException e) {
            throw refused(entry, "can not be unpacked: " + e.getMessage());
        } finally {
            inflater.end();
        }
    }

    private void requireChecksum(ZipArchiveEntry entry, ByteBuffer content) throws InvalidModelException {
        CRC32 crc = new CRC32();
        crc.update(content.duplicate());
        // PyTorch can be told to leave the checksums out: they are 0 then.
        if (entry.getCrc() != 0 && crc.getValue() != entry.getCrc()) {
            throw refused(entry, "does not have the checksum it should: it is damaged; fetch or copy the file again");
        }
    }

    private InvalidModelException refused(ZipArchiveEntry entry, String what) {
        return refusal.because("its zip entry " + Refusal.shown(entry.getName()) + " " + what);
    }

    /**
     * The file for the library, which asks for a name, or all extra fields of an entry, at once. PyTorch's have some dozen
     * bytes; the work on such fields grows with the square of their number, up to minutes for a small file.
     */
    private static final class InPieces extends SeekableInMemoryByteChannel {
        private static final int LONGEST = 1024;

        InPieces(byte[] bytes) {
            super(bytes);
        }

        @Override
        public int read(ByteBuffer piece) throws IOException {
            if (piece.remaining() > LONGEST) {
                throw new IOException(
                        "The zip directory has a name or extra fields of more than " + LONGEST + " bytes");
            }
            return super.read(piece);
        }
    }
}
