package org.focaldistill.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarArchiveTest {
    private static final int RECORD = 3074;

    private Path temp;

    private TestArchive archive;

    @BeforeEach
    void makeArchive(@TempDir Path folder) throws IOException {
        temp = folder;
        archive = TestArchive.cifar100(temp);
    }

    @Test
    void readsAFolderOrItsParent() throws IOException {
        Path folder = archive.unpackedIn(temp);

        assertIsTheArchive(read(folder));
        assertIsTheArchive(read(temp));
    }

    @Test
    void readsTheFiveTrainingFilesOfCifar10InOrder() throws IOException {
        Path folder = TestArchive.cifar10().unpackedIn(temp);

        ImageDataSet data = new CifarArchive(ArchiveFormat.CIFAR10).read(folder.toString());

        assertThat(data.classNames()).containsExactly("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
        assertThat(data.coarseNames()).isEmpty();
        assertThat(data.train().size()).isEqualTo(10);
        for (int i = 0; i < 10; i++) {
            assertThat(data.train().label(i)).isEqualTo(i);
            assertThat(data.train().coarseLabel(i)).isZero();
        }
    }

    @Test
    void withoutAMarkerTheOfficialNumberOfImagesIsExpected() throws IOException {
        archive.without("GENERATED.txt");

        assertInvalid(
                this::readSpoiled,
                "train.bin",
                "is truncated: it ends before record 10 (byte offset 30740)",
                "expected 153700000: 50000 records of 3074 bytes");
    }

    @Test
    void namesMissingFiles() throws IOException {
        archive.without("test.bin").without("coarse_label_names.txt");

        assertInvalid(this::readSpoiled, "[test.bin, coarse_label_names.txt] missing", "cifar-100-binary.tar.gz");
    }

    @Test
    void saysWhereATruncatedFileEnds() throws IOException {
        archive.file("test.bin", Arrays.copyOf(archive.file("test.bin"), 3 * RECORD + 5));

        assertInvalid(this::readSpoiled, "test.bin", "is truncated: it ends inside record 3 (byte offset 9227)");
    }

    @Test
    void saysWhereAPaddedFileShouldEnd() throws IOException {
        archive.file("train.bin", Arrays.copyOf(archive.file("train.bin"), TestArchive.TRAIN * RECORD + 1));

        assertInvalid(this::readSpoiled, "train.bin", "has extra bytes from record 10 on (byte offset 30740)");
    }

    @Test
    void saysThatAFileHasARecordTooMany() throws IOException {
        archive.file("test.bin", Arrays.copyOf(archive.file("test.bin"), (TestArchive.TEST + 1) * RECORD));

        assertInvalid(this::readSpoiled, "test.bin", "has extra bytes from record 4 on", "expected 12296");
    }

    @Test
    void namesTheRecordOfAWrongLabel() throws IOException {
        archive.file("train.bin")[6 * RECORD + 1] = 100;

        assertInvalid(this::readSpoiled, "train.bin", "record 6 (byte offset 18444)", "label 100 is not in [0, 100)");
    }

    @Test
    void namesTheRecordOfAWrongCoarseLabel() throws IOException {
        archive.file("test.bin")[2 * RECORD] = 20;

        assertInvalid(
                this::readSpoiled, "test.bin", "record 2 (byte offset 6148)", "coarse label 20 is not in [0, 20)");
    }

    @Test
    void namesBothRecordsWhereALabelChangesItsCoarseClass() throws IOException {
        byte[] train = archive.file("train.bin");
        byte[] test = archive.file("test.bin");
        test[RECORD + 1] = train[1];
        test[RECORD] = (byte) ((train[0] + 1) % 20);

        // Files of a folder are read by name, so test.bin comes first.
        assertInvalid(this::readSpoiled, "train.bin", "record 0 ", "in record 1 of test.bin");
    }

    @Test
    void names_and_counts_may_come_from_an_editor_on_windows() throws IOException {
        for (String file : List.of("fine_label_names.txt", "coarse_label_names.txt", "GENERATED.txt")) {
            String text = new String(archive.file(file), StandardCharsets.UTF_8);
            archive.text(file, "\uFEFF" + text.replace("\n", "\r\n"));
        }
        assertIsTheArchive(read(archive.unpackedIn(temp)));
        String packed = archive.packed(temp.resolve("windows.tar.gz")).toString();
        assertIsTheArchive(
                new CifarArchive(ArchiveFormat.CIFAR100).withMd5(null).read(packed));
    }

    @Test
    void refusesNamesThatAreNotInUtf8() throws IOException {
        archive.file("fine_label_names.txt", "\uFEFFäpple\n".getBytes(StandardCharsets.UTF_16LE));

        assertInvalid(this::readSpoiled, "fine_label_names.txt", "is not text in UTF-8");
    }

    @Test
    void countsClassNames() throws IOException {
        archive.text("fine_label_names.txt", "apple\n\nbear\n");

        assertInvalid(this::readSpoiled, "fine_label_names.txt", "must have 100 names, one a line, found 2");
    }

    @Test
    void refusesAMarkerWithoutCounts() throws IOException {
        archive.text("GENERATED.txt", "train=10\nseed=1\n");

        assertInvalid(this::readSpoiled, "GENERATED.txt", "train=N, test=N and seed=S");
    }

    @Test
    void refusesAMarkerOfTwoMinds() throws IOException {
        archive.text("GENERATED.txt", "train=10\ntrain=11\ntest=4\nseed=1\n");

        assertInvalid(this::readSpoiled, "GENERATED.txt", "two lines for 'train'");
    }

    @Test
    void saysWhereToFetchWhatIsNotThere() {
        assertThatThrownBy(() -> read(temp.resolve("nowhere")))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("nowhere': there is no such file or folder")
                .hasMessageContaining("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz");
    }

    @Test
    void refusesOtherSchemes() {
        assertThatThrownBy(() -> new CifarArchive(ArchiveFormat.CIFAR100).read("ftp://example.org/a.tar.gz"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("give an http(s) address or the path of a .tar.gz or folder");
    }

    @Test
    void anEmptyFolderIsNotAnArchive() throws IOException {
        Path empty = Files.createDirectory(temp.resolve("empty"));

        assertInvalid(() -> read(empty), "is not a whole cifar-100-binary archive", "train.bin");
    }

    @Test
    void namesAnotherVersionWhateverItsFolderIsCalled() throws IOException {
        Path python = Files.createDirectory(temp.resolve("cifar-100-python"));
        assertInvalid(() -> read(python), python + " is the Python version of CIFAR-100", "cifar-100-binary.tar.gz");
        Path images = Files.createDirectory(temp.resolve("images"));
        for (String name : new String[] {"train", "test", "meta"}) {
            Files.write(images.resolve(name), new byte[] {(byte) 0x80, 2});
        }
        assertInvalid(() -> read(images), images + " is the Python version of CIFAR-100");
        // One file of it, and the folder that holds it.
        Path file = Files.write(python.resolve("train"), new byte[] {(byte) 0x80, 2});
        assertInvalid(() -> read(file), file + " is the Python version of CIFAR-100");
        Path parent = Files.createDirectories(temp.resolve("downloads/cifar-10-batches-py"))
                .getParent();
        assertInvalid(() -> read(parent), parent + " is the Python version of CIFAR-10");
        assertInvalid(
                () -> read(TestArchive.cifar10().unpackedIn(temp)),
                "is an archive of CIFAR-10; to use it, set data.format = cifar10");
        // Beside the one wanted it does not matter.
        archive.unpackedIn(temp);
        assertIsTheArchive(read(temp));
    }

    private ImageDataSet readSpoiled() throws IOException {
        return read(archive.unpackedIn(temp));
    }

    private static ImageDataSet read(Path path) throws IOException {
        return new CifarArchive(ArchiveFormat.CIFAR100).read(path.toString());
    }

    private static void assertInvalid(ThrowingCallable read, String... parts) {
        assertThatThrownBy(read).isInstanceOf(InvalidDataException.class).hasMessageContainingAll(parts);
    }

    static void assertIsTheArchive(ImageDataSet data) {
        ImageDataSet expected = TestArchive.images();
        assertThat(data.generated()).isTrue();
        assertThat(data.train().size()).isEqualTo(TestArchive.TRAIN);
        assertThat(data.train().pixels()).isEqualTo(expected.train().pixels());
        assertThat(data.test().pixels()).isEqualTo(expected.test().pixels());
        assertThat(data.test().label(3)).isEqualTo(expected.test().label(3));
    }
}
