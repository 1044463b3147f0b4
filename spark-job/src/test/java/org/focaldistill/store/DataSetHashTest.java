package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.focaldistill.data.ColourStatistics;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ImageDataSet;
import org.focaldistill.data.ImageSet;
import org.junit.jupiter.api.Test;

class DataSetHashTest {
    private static final ImageDataSet DATA = GeneratedImages.generate(25, 7, 3);

    @Test
    void it_is_the_sha_256_of_counts_labels_and_pixels() {
        byte[] pixels = new byte[ImageSet.bytesOf(32)];
        Arrays.fill(pixels, (byte) 7);
        ImageSet train = new ImageSet(32, pixels, new byte[] {1}, new byte[] {0});
        ImageSet test = new ImageSet(32, new byte[0], new byte[0], new byte[0]);
        // (printf '\0\0\0\2\0\0\0\1\1\0'; printf '\7%.0s' {1..3072}; printf '\0\0\0\0') | sha256sum
        assertThat(DataSetHash.of(new ImageDataSet("two", false, List.of("a", "b"), List.of(), train, test)))
                .isEqualTo("7610f2825fdf5457847628cf141c18a57f021a9cb27e88042b9b1f3af0d8edc0");
    }

    @Test
    void of_one_s_own_images_it_knows_their_size_and_the_names_of_classes_too() {
        String hash = DataSetHash.of(own(32, "a", "b"));
        assertThat(DataSetHash.of(own(32, "a", "b"))).isEqualTo(hash);
        assertThat(List.of(
                        DataSetHash.of(own(32, "a", "c")),
                        DataSetHash.of(own(32, "ab", "")),
                        DataSetHash.of(own(16, "a", "b")),
                        DataSetHash.of(
                                new ImageDataSet("own", false, List.of("a", "b"), List.of(), images(32), images(32)))))
                .doesNotContain(hash)
                .doesNotHaveDuplicates();
    }

    private static ImageDataSet own(int side, String... names) {
        ImageSet images = images(side);
        return new ImageDataSet("own", false, List.of(names), List.of(), ColourStatistics.of(images), images, images);
    }

    private static ImageSet images(int side) {
        int count = 4 * 32 * 32 / (side * side);
        return new ImageSet(side, new byte[count * ImageSet.bytesOf(side)], new byte[count], new byte[count]);
    }

    @Test
    void it_depends_on_every_part_of_the_data() {
        String hash = DataSetHash.of(DATA);

        assertThat(DataSetHash.of(GeneratedImages.generate(25, 8, 3))).isNotEqualTo(hash);
        assertThat(DataSetHash.of(GeneratedImages.generate(24, 7, 3))).isNotEqualTo(hash);
        byte[] pixels = DATA.train().pixels().clone();
        pixels[pixels.length - 1] ^= 1;
        assertThat(DataSetHash.of(withTrain(pixels, 0))).isNotEqualTo(hash);
        assertThat(DataSetHash.of(withTrain(DATA.train().pixels(), 0))).isEqualTo(hash);
        assertThat(DataSetHash.of(withTrain(DATA.train().pixels(), 1))).isNotEqualTo(hash);
    }

    private static ImageDataSet withTrain(byte[] pixels, int addedToFirstLabel) {
        ImageSet train = DATA.train();
        byte[] fine = new byte[train.size()];
        byte[] coarse = new byte[train.size()];
        for (int i = 0; i < train.size(); i++) {
            fine[i] = (byte) train.label(i);
            coarse[i] = (byte) train.coarseLabel(i);
        }
        fine[0] = (byte) ((fine[0] + addedToFirstLabel) % DATA.classes());
        return new ImageDataSet(
                DATA.name(),
                true,
                DATA.classNames(),
                DATA.coarseNames(),
                new ImageSet(32, pixels, fine, coarse),
                DATA.test());
    }
}
