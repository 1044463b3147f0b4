package org.focaldistill.data.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.focaldistill.data.ColourStatistics;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.InvalidDataException;
import org.focaldistill.data.own.ImageSource.Entry;
import org.focaldistill.data.own.ImageSource.Part;
import org.focaldistill.testing.ImageFiles;
import org.junit.jupiter.api.Test;

class OwnImagesTest {
    private static final int SIDE = 4;

    /** Images whose pixels all have a value of their own. */
    private static final class Source implements ImageSource {
        private final List<String> classNames;
        private final List<Entry> entries = new ArrayList<>();
        private final List<byte[]> files = new ArrayList<>();

        Source(String... classNames) {
            this.classNames = List.of(classNames);
        }

        Source with(int label, int images, Part part) throws IOException {
            for (int i = 0; i < images; i++) {
                with(label, part, ImageFiles.noisy(SIDE, SIDE, 0x808080, files.size()));
            }
            return this;
        }

        Source with(int label, Part part, byte[] file) {
            entries.add(new Entry("file" + files.size(), label, part));
            files.add(file);
            return this;
        }

        @Override
        public Listing list() {
            return new Listing(classNames, entries, List.of());
        }

        @Override
        public void read(Listing listing, Reader reader) {
            for (int i = 0; i < files.size(); i++) {
                reader.image(i, files.get(i), "");
            }
        }
    }

    private static OwnImages.Made read(Source source, double testPart, long seed) throws IOException {
        return new OwnImages(new OwnImages.Settings(SIDE, Resize.REFUSE, testPart, seed))
                .read(source, "mine", read -> {});
    }

    @Test
    void a_part_of_each_class_is_for_testing_where_the_source_does_not_say() throws IOException {
        Source source =
                new Source("a", "b", "c").with(0, 10, null).with(1, 20, null).with(2, 2, null);
        OwnImages.Made made = read(source, 0.2, 1);
        assertThat(counts(made.data().test())).containsExactly(2, 4, 1);
        assertThat(counts(made.data().train())).containsExactly(8, 16, 1);
        assertThat(made.remarks()).isEmpty();
        assertThat(images(made)).hasSize(32);
    }

    @Test
    void the_seed_decides_which_and_their_order_and_nothing_else_does() throws IOException {
        Source source = new Source("a", "b").with(0, 20, null).with(1, 20, null);
        OwnImages.Made made = read(source, 0.25, 1);
        OwnImages.Made again = read(source, 0.25, 1);
        OwnImages.Made other = read(source, 0.25, 2);
        assertThat(again.data().train().pixels()).isEqualTo(made.data().train().pixels());
        assertThat(again.data().test().pixels()).isEqualTo(made.data().test().pixels());
        assertThat(imagesOf(other.data().test()))
                .isNotEqualTo(imagesOf(made.data().test()));
        assertThat(images(other)).isEqualTo(images(made));
    }

    /** A sweep may use the first so many. */
    @Test
    void classes_are_mixed() throws IOException {
        Source source = new Source("a", "b")
                .with(0, 100, Part.TRAIN)
                .with(1, 100, Part.TRAIN)
                .with(0, 1, Part.TEST);
        assertThat(counts(read(source, 0.5, 1).data().train().first(50)))
                .satisfies(counts -> assertThat(Arrays.stream(counts)).allMatch(count -> count >= 15));
    }

    @Test
    void what_the_source_says_is_kept_and_classes_that_are_not_tested_are_told() throws IOException {
        Source source = new Source("a", "b")
                .with(0, 2, Part.TRAIN)
                .with(1, 3, Part.TRAIN)
                .with(1, 1, Part.TEST);
        OwnImages.Made made = read(source, 0.5, 1);
        assertThat(counts(made.data().train())).containsExactly(2, 3);
        assertThat(counts(made.data().test())).containsExactly(0, 1);
        assertThat(made.remarks()).containsExactly("There are no test images of a");
    }

    @Test
    void test_images_that_are_training_images_too_are_told() throws IOException {
        byte[] twice = ImageFiles.noisy(SIDE, SIDE, 0x404040, 7);
        Source source = new Source("a", "b")
                .with(0, 2, Part.TRAIN)
                .with(1, 2, Part.TRAIN)
                .with(0, 1, Part.TEST)
                .with(0, Part.TRAIN, twice)
                .with(1, Part.TEST, twice);
        assertThat(read(source, 0.5, 1).remarks())
                .containsExactly("1 of 2 test images are training images, too, pixel by pixel: results on them come out"
                        + " too well");
    }

    @Test
    void images_are_normalised_by_the_colours_of_those_for_training() throws IOException {
        Source source = new Source("a", "b")
                .with(0, 4, Part.TRAIN)
                .with(1, 4, Part.TRAIN)
                .with(0, 3, Part.TEST);
        OwnImages.Made made = read(source, 0.5, 1);
        assertThat(made.data().statistics())
                .isEqualTo(ColourStatistics.of(made.data().train()));
    }

    @Test
    void classes_that_can_not_be_learned_or_tested_are_refused_by_name() throws IOException {
        assertRefused(new Source("a").with(0, 9, null), "There must be from 2 to 256 classes, found 1");
        assertRefused(
                new Source(IntStream.range(0, 257).mapToObj(i -> "c" + i).toArray(String[]::new)),
                "There must be from 2 to 256 classes, found 257");
        assertRefused(new Source("a", "b", "c").with(0, 9, null).with(2, 9, null), "There are no images of b: give");
        assertRefused(
                new Source("a", "b").with(0, 1, null).with(1, 9, null), "There is one image alone of a: give each");
        assertRefused(
                new Source("a", "b")
                        .with(0, 9, Part.TRAIN)
                        .with(1, 1, Part.TRAIN)
                        .with(1, 9, Part.TEST),
                "There is one training image alone of b: give each");
        assertRefused(
                new Source("a", "b").with(0, 9, Part.TRAIN).with(1, 9, Part.TEST),
                "There are test images but no training images of b: give each");
    }

    @Test
    void all_files_at_fault_are_counted_and_the_first_are_named() throws IOException {
        Source source = new Source("a", "b").with(0, 5, null).with(1, 5, null);
        for (int i = 0; i < 12; i++) {
            source.with(0, null, new byte[] {1, 2, 3});
        }
        source.with(1, null, ImageFiles.noisy(5, SIDE, 0, 1)).with(1, null, ImageFiles.noisy(5, 5, 0, 1));
        assertThatThrownBy(() -> read(source, 0.5, 1))
                .isInstanceOf(InvalidDataException.class)
                .hasMessageContaining(
                        "12 of 24 images can not be read; mend them or take them away:\n  file10: it is no"
                                + " PNG or JPEG\n  file11")
                .hasMessageContaining("file19: it is no PNG or JPEG\n  and 2 more\n2 of 24 images are not 4 x 4 pixels"
                        + " (columns x rows), the first is file22 with 5 x 4; set data.resize = scale-and-crop or"
                        + " stretch, or another data.imageSize")
                .hasMessageNotContaining("file20");
    }

    private static void assertRefused(Source source, String message) {
        assertThatThrownBy(() -> read(source, 0.5, 1))
                .isInstanceOf(InvalidDataException.class)
                .hasMessageStartingWith(message);
    }

    private static int[] counts(ImageSet images) {
        int[] counts = new int[Arrays.stream(images.labels()).max().orElse(0) + 1];
        Arrays.stream(images.labels()).forEach(label -> counts[label]++);
        return counts;
    }

    private static Set<List<Byte>> images(OwnImages.Made made) {
        Set<List<Byte>> all = imagesOf(made.data().train());
        all.addAll(imagesOf(made.data().test()));
        return all;
    }

    private static Set<List<Byte>> imagesOf(ImageSet set) {
        Set<List<Byte>> images = new HashSet<>();
        for (int i = 0; i < set.size(); i++) {
            List<Byte> image = new ArrayList<>();
            for (int at = i * set.imageBytes(); at < (i + 1) * set.imageBytes(); at++) {
                image.add(set.pixels()[at]);
            }
            images.add(image);
        }
        return images;
    }
}
