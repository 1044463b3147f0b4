package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.data.ViewedImages;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BankFilesTest {
    private static final ViewedImages SET = new ViewedImages.AtPosition(5, 3);
    private static final Tensor LOGITS = new Tensor(new long[] {3, 2}, new float[] {1, 2, 3, 4, 5, 0.1f});

    @TempDir
    private Path folder;

    private BankFiles bank;

    @BeforeEach
    void open() throws IOException {
        bank = bank("t1", true);
    }

    private BankFiles bank(String teacherHash, boolean half) throws IOException {
        return new BankFiles(new Configuration(), key(teacherHash, half));
    }

    private BankKey key(String teacherHash, boolean half) {
        return new BankKey(folder.toUri().toString(), "resnet8", teacherHash, "d1", 2, "s1", half);
    }

    private static Path path(BankFiles bank, ViewedImages set) {
        return Path.of(bank.file(set).toUri().getPath());
    }

    @Test
    void what_is_written_is_what_is_read() throws IOException {
        assertThatThrownBy(() -> bank.read(SET)).isInstanceOf(FileNotFoundException.class);
        Tensor written = bank.write(SET, LOGITS);
        assertThat(bank.read(SET).values()).containsExactly(written.values()).startsWith(1, 2, 3, 4, 5);
        assertThat(bank.names()).containsExactly(SET.name());
    }

    @Test
    void images_that_measure_are_kept_in_single_precision() throws IOException {
        ViewedImages test = new ViewedImages.Test(3);
        assertThat(bank.write(test, LOGITS).values()).containsExactly(LOGITS.values());
        assertThat(bank.bytes(test)).isEqualTo(24);
        assertThat(bank.bytes(SET)).isEqualTo(12);
    }

    @Test
    void teachers_data_schemes_and_precisions_have_folders_of_their_own() throws IOException {
        bank.write(SET, LOGITS);
        assertThat(bank("t2", true).names()).isEmpty();
        assertThat(bank("t1", false).names()).isEmpty();
        BankKey key = key("t1", true);
        // printf '{format=focaldistill bank 1, model=resnet8, teacher_hash=t1, dataset_hash=d1, classes=2, scheme=s1,'
        // printf ' precision=fp16}' | sha256sum
        assertThat(key.name()).isEqualTo("resnet8-bfd5302a560e118a1569");
        assertThat(new BankKey(key.folder(), "resnet8", "t1", "d2", 2, "s1", true).name())
                .isNotEqualTo(key.name());
        assertThat(new BankKey(key.folder(), "resnet8", "t1", "d1", 2, "s2", true).name())
                .isNotEqualTo(key.name());
    }

    @Test
    void a_byte_changed_anywhere_is_noticed() throws IOException {
        bank.write(SET, LOGITS);
        byte[] sound = Files.readAllBytes(path(bank, SET));
        for (int i = 0; i < sound.length; i++) {
            byte[] changed = sound.clone();
            changed[i] ^= 1;
            Files.write(path(bank, SET), changed);
            assertThatThrownBy(() -> bank.read(SET)).as("byte %d", i).isInstanceOf(InvalidModelException.class);
        }
    }

    @Test
    void a_file_cut_short_anywhere_is_noticed() throws IOException {
        bank.write(SET, LOGITS);
        byte[] sound = Files.readAllBytes(path(bank, SET));
        for (int length = 0; length < sound.length; length++) {
            Files.write(path(bank, SET), java.util.Arrays.copyOf(sound, length));
            assertThatThrownBy(() -> bank.read(SET)).as("%d bytes", length).isInstanceOf(InvalidModelException.class);
        }
    }

    @Test
    void another_teachers_file_is_not_used() throws IOException {
        BankFiles other = bank("t2", true);
        other.write(SET, LOGITS);
        Files.createDirectories(path(bank, SET).getParent());
        Files.copy(path(other, SET), path(bank, SET));
        assertThatThrownBy(() -> bank.read(SET))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("is not what its name says: teacher_hash is t2, not t1");
    }

    @Test
    void a_file_of_other_images_is_not_used() throws IOException {
        ViewedImages other = new ViewedImages.AtPosition(6, 3);
        bank.write(other, LOGITS);
        Files.move(path(bank, other), path(bank, SET));
        assertThatThrownBy(() -> bank.read(SET)).hasMessageContaining("images is train-3-position-006, not");
    }

    @Test
    void logits_that_do_not_fit_leave_what_is_there() throws IOException {
        bank.write(SET, LOGITS);
        Tensor large = new Tensor(new long[] {3, 2}, new float[] {1, 2, 3, 4, 5, 1e6f});
        assertThatThrownBy(() -> bank.write(SET, large)).isInstanceOf(InvalidModelException.class);
        assertThat(bank.read(SET).values()).startsWith(1, 2);
        assertThat(bank.names()).containsExactly(SET.name());
    }
}
