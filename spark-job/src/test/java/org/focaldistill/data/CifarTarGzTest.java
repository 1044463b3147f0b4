package org.focaldistill.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CifarTarGzTest {
    private TestArchive archive;
    private Path file;

    @BeforeEach
    void makeArchive(@TempDir Path temp) throws IOException {
        archive = TestArchive.cifar100(temp);
        file = temp.resolve("images.tar.gz");
    }

    @Test
    void readsAnArchive() throws IOException {
        archive.packed(file);

        CifarArchiveTest.assertIsTheArchive(read());
    }

    @Test
    void ignoresSmallFilesItDoesNotKnow() throws IOException {
        archive.packed(
                file, tar -> TestArchive.add(tar, new TarArchiveEntry("cifar-100-binary/readme.html"), new byte[99]));

        CifarArchiveTest.assertIsTheArchive(read());
    }

    @Test
    void holdsAnArchiveToTheOfficialChecksumUnlessToldAnother() throws IOException {
        archive.packed(file);

        assertThatThrownBy(() -> new CifarArchive(ArchiveFormat.CIFAR100).read(file.toString()))
                .isInstanceOf(InvalidDataException.class)
                .hasMessageContainingAll(file.toString(), "expected 03b5dce01913d631647c71ecec9e9cb8", "damaged");
    }

    @Test
    void readsAnArchiveOfTheChecksumItIsTold() throws Exception {
        archive.packed(file);
        byte[] md5 = MessageDigest.getInstance("MD5").digest(Files.readAllBytes(file));
        String upperCase = HexFormat.of().withUpperCase().formatHex(md5);

        CifarArchiveTest.assertIsTheArchive(
                new CifarArchive(ArchiveFormat.CIFAR100).withMd5(upperCase).read(file.toString()));
    }

    @Test
    void refusesAnMd5ThatIsNone() {
        assertThatThrownBy(() -> new CifarArchive(ArchiveFormat.CIFAR100).withMd5("abc"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'abc'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../train.bin",
                "/etc/passwd",
                "cifar-100-binary/../../x",
                "C:/x",
                "cifar-100-binary\\..\\x",
                "a/.."
            })
    void refusesEntriesThatEscape(String name) throws IOException {
        archive.packed(file, tar -> TestArchive.add(tar, new TarArchiveEntry(name, true), new byte[1]));

        assertInvalid("its entry '" + name + "' points outside");
    }

    @ParameterizedTest
    @ValueSource(bytes = {TarConstants.LF_SYMLINK, TarConstants.LF_LINK})
    void refusesLinks(byte type) throws IOException {
        archive.packed(file, tar -> {
            TarArchiveEntry entry = new TarArchiveEntry("cifar-100-binary/link", type);
            entry.setLinkName("/etc/passwd");
            TestArchive.add(tar, entry, new byte[0]);
        });

        assertInvalid("its entry 'cifar-100-binary/link' is a link to '/etc/passwd'");
    }

    @Test
    void refusesDevices() throws IOException {
        archive.packed(
                file,
                tar -> TestArchive.add(
                        tar, new TarArchiveEntry("cifar-100-binary/pipe", TarConstants.LF_FIFO), new byte[0]));

        assertInvalid("its entry 'cifar-100-binary/pipe' is not a plain file or folder");
    }

    @Test
    void refusesAFileThatComesTwice() throws IOException {
        archive.packed(
                file, tar -> TestArchive.add(tar, new TarArchiveEntry("./cifar-100-binary//test.bin"), new byte[7]));

        assertInvalid("holds 'cifar-100-binary/test.bin' twice");
    }

    @Test
    void refusesALargeFileItDoesNotKnow() throws IOException {
        archive.packed(file, tar -> TestArchive.add(tar, new TarArchiveEntry("video.mp4"), new byte[2 << 20]));

        assertInvalid("unexpected file 'video.mp4' of 2097152 bytes");
    }

    @Test
    void refusesARecordFileOfAnotherLengthBeforeReadingIt() throws IOException {
        archive.file("test.bin", new byte[50 << 20]).packed(file);

        assertInvalid("test.bin", "has extra bytes from record 4 on", "it has 52428800 bytes");
    }

    @Test
    void refusesATextTooLongForNames() throws IOException {
        archive.file("coarse_label_names.txt", new byte[70_000]).packed(file);

        assertInvalid("coarse_label_names.txt", "has 70000 bytes, at most 65536");
    }

    @Test
    void namesTheRecordOfAWrongLabel() throws IOException {
        archive.file("test.bin")[3 * 3074 + 1] = (byte) 255;
        archive.packed(file);

        assertInvalid("test.bin", "record 3 (byte offset 9222)", "label 255");
    }

    @Test
    void refusesAnArchiveCutAnywhereAndSaysSo() throws IOException {
        archive.packed(file);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, new byte[0]);
        assertInvalid(file + " is empty. Fetch it again.");
        // Two bytes do not yet say that it is gzip's.
        for (int length = 2; length < whole.length; length += length < 50 || length > whole.length - 50 ? 1 : 997) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(this::read)
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(InvalidDataException.class)
                    .hasMessage(file + " is truncated: it ends inside the archive. Fetch it again.");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cifar-100-python/ | the Python version of CIFAR-100; its files are for that program alone",
                "cifar-100-python/train | the Python version of CIFAR-100",
                "./cifar-10-batches-py/data_batch_4 | the Python version of CIFAR-10",
                "cifar-100-matlab/train.mat | the MATLAB version of CIFAR-100",
                "cifar-10-batches-bin/data_batch_1.bin | an archive of CIFAR-10; to use it, set data.format = cifar10",
            })
    void namesAnotherArchive(String entry, String name) throws IOException {
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
            TestArchive.add(tar, new TarArchiveEntry(entry), new byte[entry.endsWith("/") ? 0 : 9]);
        }
        String message = " is " + name;
        String wanted = ". The one that is read is the binary version, "
                + "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz";
        assertInvalid(message, wanted);
        assertThatThrownBy(() -> new CifarArchive(ArchiveFormat.CIFAR100).read(file.toString()))
                .hasMessageContainingAll(message, wanted);
        // Cut short it still is what it is.
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 8));
        assertInvalid(message, wanted);
    }

    @Test
    void refusesBytesAfterTheCompressedArchive() throws IOException {
        archive.packed(file);
        Files.write(file, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);

        assertInvalid("cannot be read as a .tar.gz archive", "Garbage");
    }

    @Test
    void refusesAnotherCompressedFileAfterTheArchive() throws IOException {
        archive.packed(file);
        try (OutputStream more = new GZIPOutputStream(Files.newOutputStream(file, StandardOpenOption.APPEND))) {
            more.write(new byte[] {1, 2, 3});
        }

        assertInvalid("more data after the end of the archive");
    }

    @Test
    void refusesADamagedArchive() throws IOException {
        archive.packed(file);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 6] ^= 1; // gzip's checksum
        Files.write(file, bytes);

        assertInvalid("cannot be read as a .tar.gz archive");
    }

    @Test
    void refusesWhatIsNoArchive() throws IOException {
        Files.writeString(file, "<html>Not found</html>");

        assertInvalid("cannot be read as a .tar.gz archive");
    }

    private ImageDataSet read() throws IOException {
        return new CifarArchive(ArchiveFormat.CIFAR100).withMd5(null).read(file.toString());
    }

    private void assertInvalid(String... parts) {
        assertThatThrownBy(this::read)
                .isInstanceOf(InvalidDataException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContainingAll(parts);
    }
}
