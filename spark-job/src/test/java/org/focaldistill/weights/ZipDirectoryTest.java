package org.focaldistill.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.focaldistill.weights.TorchFiles.concatenated;
import static org.focaldistill.weights.TorchFiles.floats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.focaldistill.weights.TorchFiles.Zip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Zip files as nobody writes them, or only to do harm. */
class ZipDirectoryTest {
    private static final byte[] SIX = floats(1, 2, 3, 4, 5, 6);
    private static final int ENTRY = 0x02014b50;
    /** Where an entry of the directory says how large it is, how long its name, and where it begins. */
    private static final int PACKED = 20;

    private static final int SIZE = 24;
    private static final int NAME_LENGTH = 28;
    private static final int BEGIN = 42;
    private static final int NAME = 46;

    @Test
    void what_is_not_compressed_is_not_copied() throws Exception {
        byte[] file = twoEntries();
        ByteBuffer data = new ZipDirectory(file, new Refusal("x")).read("x/data/0");
        assertThat(data.array()).isSameAs(file);
        assertThat(data.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(data).isEqualTo(ByteBuffer.wrap(SIX));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8  | 1          | its zip entry x/data/0 is encrypted",
                "10 | 12         | its zip entry x/data/0 is compressed by method 12; PyTorch only stores",
                "24 | 20         | is not compressed, yet is said to have 24 bytes in the file and 20 unpacked",
                "24 | 2097152    | unpacks from 24 bytes to 2097152, as no weights do; it has not been unpacked",
                "24 | 4294967295 | unpacks from 24 bytes to 4294967295, as no weights do; it has not been unpacked",
                "42 | 42         | its zip entry x/data/0 is described otherwise at byte 42 than in the directory",
                "42 | 0          | its zip entry x/data/0 is described otherwise at byte 0 than in the directory",
                "42 | 1000       | do not end with a sound zip directory: it is cut short or damaged; fetch or copy it",
                "42 | 4294967295 | do not end with a sound zip directory",
                "28 | 60000      | do not end with a sound zip directory",
                "30 | 60000      | do not end with a sound zip directory",
            })
    void an_entry_that_can_not_be_is_refused_before_anything_is_read(int field, long value, String message) {
        byte[] file = twoEntries();
        ByteBuffer directory = littleEndian(file);
        int at = lastEntry(file) + field;
        if (field < PACKED || field == NAME_LENGTH || field == NAME_LENGTH + 2) {
            directory.putShort(at, (short) value);
        } else {
            directory.putInt(at, (int) value);
        }
        assertRefused(file, message);
    }

    @Test
    void an_entry_that_reaches_into_the_directory_is_refused() {
        byte[] file = twoEntries();
        littleEndian(file).putInt(lastEntry(file) + PACKED, 25).putInt(lastEntry(file) + SIZE, 25);
        assertRefused(file, "do not end with a sound zip directory");
    }

    @Test
    void an_entry_compressed_otherwise_than_the_directory_says_is_refused() {
        byte[] file = twoEntries();
        ByteBuffer directory = littleEndian(file);
        int header = directory.getInt(lastEntry(file) + BEGIN);
        directory.putShort(header + 8, (short) 8);
        assertRefused(file, "its zip entry x/data/0 is described otherwise at byte " + header + " than");
    }

    @Test
    void many_entries_that_are_small_alone_are_refused_unopened() {
        Zip zip = new Zip();
        for (int i = 0; i < 1025; i++) {
            zip.deflated("x/data/" + i, new byte[1]);
        }
        byte[] file = zip.bytes();
        for (int at = lastEntry(file); at > 0; at = entryBefore(file, at)) {
            littleEndian(file).putInt(at + SIZE, 1 << 20);
        }
        assertRefused(
                file,
                "its zip entries have more than 1073741824 bytes when unpacked, the most that is read; it has not been"
                        + " unpacked");
    }

    @Test
    void a_directory_that_breaks_off_is_refused() {
        byte[] file = twoEntries();
        int at = lastEntry(file);
        file[at] = 'p';
        assertRefused(file, "its zip directory is damaged at byte " + at + "; fetch or copy it again");
    }

    @Test
    void a_file_with_something_put_in_is_refused() {
        byte[] file = twoEntries();
        int directory = entryBefore(file, lastEntry(file));
        byte[] longer = concatenated(
                Arrays.copyOf(file, directory), new byte[10], Arrays.copyOfRange(file, directory, file.length));
        assertRefused(longer, "do not end with a sound zip directory");
    }

    @Test
    void a_name_from_the_file_stays_in_its_line_of_the_message() {
        byte[] file = new Zip().stored("x/a\nRead: all", SIX).bytes();
        littleEndian(file).putShort(lastEntry(file) + 8, (short) 1);
        assertRefused(file, "its zip entry x/a?Read: all is encrypted");
    }

    @Test
    void sizes_of_64_bits_are_read_and_absurd_ones_refused() throws Exception {
        byte[] file = zip64();
        assertThat(new ZipDirectory(file, new Refusal("x")).read("x/data/0")).isEqualTo(ByteBuffer.wrap(SIX));
        int sizes = lastEntry(file) + NAME + "x/data/0".length() + 4;
        assertThat(littleEndian(file).getLong(sizes)).isEqualTo(SIX.length);
        littleEndian(file).putLong(sizes + 8, Long.MAX_VALUE);
        assertRefused(file, "do not end with a sound zip directory");
        littleEndian(file).putLong(sizes, Long.MAX_VALUE);
        assertRefused(file, "its zip entries have more than 1073741824 bytes when unpacked");
        littleEndian(file).putLong(sizes + 8, 24);
        assertRefused(file, "unpacks from 24 bytes to 9223372036854775807, as no weights do");
    }

    private static byte[] zip64() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            zip.setUseZip64(Zip64Mode.Always);
            ZipArchiveEntry entry = new ZipArchiveEntry("x/data/0");
            zip.putArchiveEntry(entry);
            zip.write(SIX);
            zip.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    /** As many make the reading slow. */
    @Test
    void more_extra_fields_than_any_program_writes_are_refused() throws Exception {
        assertThat(new ZipDirectory(withExtraFields(1000), new Refusal("x")).names())
                .containsExactly("x/data/0");
        assertRefused(withExtraFields(2000), "do not end with a sound zip directory");
    }

    private static byte[] withExtraFields(int bytes) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(file)) {
            ZipArchiveEntry entry = new ZipArchiveEntry("x/data/0");
            ByteBuffer fields = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < bytes / 4; i++) {
                fields.putShort(4 * i, (short) (0x4000 + i));
            }
            entry.setExtra(fields.array());
            zip.putArchiveEntry(entry);
            zip.closeArchiveEntry();
        }
        return file.toByteArray();
    }

    private static byte[] twoEntries() {
        return new Zip()
                .stored("x/data.pkl", new byte[64])
                .stored("x/data/0", SIX)
                .bytes();
    }

    private static int lastEntry(byte[] file) {
        return entryBefore(file, file.length - 22);
    }

    /** The entry of the directory that begins next before a byte; -1 if none does. */
    private static int entryBefore(byte[] file, int end) {
        int at = end - 4;
        while (at >= 0 && littleEndian(file).getInt(at) != ENTRY) {
            at--;
        }
        return at;
    }

    private static ByteBuffer littleEndian(byte[] file) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void assertRefused(byte[] file, String message) {
        assertThatThrownBy(() -> new ZipDirectory(file, new Refusal("x")))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("Cannot read the model x: ")
                .hasMessageContaining(message);
    }
}
