package org.focaldistill.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.focaldistill.testing.Defaults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedImagesTest {
    /** Held fixed so that results on generated images stay comparable from version to version. */
    private static final int PIXELS_OF_SEED_7 = 1568912060;

    /** Features of the nearest-mean classifier: means of 4x4 pixels. */
    private static final int GRID = 8;

    @Property(tries = 20)
    void anImageDoesNotDependOnHowManyAreMade(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 150) int few, @ForAll @IntRange(max = 60) int more) {
        ImageSet shorter = GeneratedImages.generate(few, 1, seed).train();
        ImageSet longer = GeneratedImages.generate(few + more, 1, seed).train().first(few);

        assertThat(shorter.pixels()).isEqualTo(longer.pixels());
        assertThat(labels(shorter)).isEqualTo(labels(longer));
    }

    @Test
    void seedsAndSplitsGiveOtherImages() {
        ImageDataSet one = GeneratedImages.generate(10, 10, 1);

        assertThat(one.train().pixels())
                .isNotEqualTo(GeneratedImages.generate(10, 10, 2).train().pixels());
        assertThat(one.train().pixels()).isNotEqualTo(one.test().pixels());
        assertThat(labels(one.train())).isNotEqualTo(labels(one.test()));
    }

    @Test
    void theImagesOfASeedStayWhatTheyAre() {
        ImageSet images = GeneratedImages.generate(200, 1, 7).train();

        assertThat(Arrays.hashCode(images.pixels())).isEqualTo(PIXELS_OF_SEED_7);
    }

    @Test
    void everyHundredImagesHaveEachClassOnce() {
        ImageSet images = GeneratedImages.generate(250, 1, 5).train();

        assertThat(labels(images.first(100))).doesNotHaveDuplicates();
        assertThat(Arrays.copyOfRange(labels(images), 100, 200)).doesNotHaveDuplicates();
        assertThat(labels(images.first(100))).isNotEqualTo(Arrays.copyOfRange(labels(images), 100, 200));
        for (int i = 0; i < images.size(); i++) {
            assertThat(images.coarseLabel(i)).isEqualTo(images.label(i) / 5);
        }
    }

    @Test
    void classesHaveNamesOfTheirOwn() {
        ImageDataSet data = GeneratedImages.generate(1, 1, 5);

        assertThat(data.classNames()).hasSize(100).doesNotHaveDuplicates().contains("checked_cyan_ring");
        assertThat(data.coarseNames()).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void classesCanBeToldApartButNotByTheirMeans() {
        ImageDataSet data = GeneratedImages.generate(8_000, 2_000, 3);

        assertThat(nearestMeanAccuracy(data)).isBetween(0.04, 0.30);
    }

    @Test
    void aWrittenFolderReadsBackAsWhatWasGenerated(@TempDir Path temp) throws IOException {
        Path folder = temp.resolve("new").resolve("images");
        GeneratedImages.write(folder, 7, 3, 11);

        ImageDataSet read = new CifarArchive(ArchiveFormat.CIFAR100).read(folder.toString());

        ImageDataSet made = GeneratedImages.generate(7, 3, 11);
        assertThat(read.generated()).isTrue();
        assertThat(read.name()).isEqualTo("generated");
        assertThat(read.classNames()).isEqualTo(made.classNames());
        assertThat(read.coarseNames()).isEqualTo(made.coarseNames());
        assertThat(read.train().pixels()).isEqualTo(made.train().pixels());
        assertThat(read.test().pixels()).isEqualTo(made.test().pixels());
        assertThat(labels(read.test())).isEqualTo(labels(made.test()));
        assertThat(read.train().coarseLabel(6)).isEqualTo(made.train().coarseLabel(6));
    }

    @Test
    void anEarlierGeneratedFolderIsReplacedAndNothingElseIsLeft(@TempDir Path temp) throws IOException {
        Path folder = temp.resolve("images");
        GeneratedImages.write(folder, 7, 3, 11);
        GeneratedImages.write(folder, 4, 2, 11);

        assertThat(folder.resolve("GENERATED.txt")).hasContent("train=4\ntest=2\nseed=11");
        try (Stream<Path> left = Files.list(temp)) {
            assertThat(left).containsExactly(folder);
        }
    }

    @Test
    void counts_and_messages_have_the_same_digits_in_every_locale(@TempDir Path temp) throws IOException {
        Path folder = temp.resolve("images");
        try (Defaults elsewhere = new Defaults("ar-EG", "UTC")) {
            GeneratedImages.write(folder, 7, 3, 11);
            assertThat(folder.resolve("GENERATED.txt")).hasContent("train=7\ntest=3\nseed=11");
            assertThatThrownBy(() -> GeneratedImages.generate(0, 1, 1))
                    .hasMessage("train must be in [1, 699050], found 0");
        }
    }

    @Test
    void aFolderOfOtherThingsIsLeftAlone(@TempDir Path temp) throws IOException {
        Path folder = Files.createDirectory(temp.resolve("images"));
        Path precious = Files.writeString(folder.resolve("train.bin"), "photographs");

        assertThatThrownBy(() -> GeneratedImages.write(folder, 1, 1, 1))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("not a folder of generated images alone");
        assertThat(precious).hasContent("photographs");
    }

    @Test
    void countsMustBePositive() {
        assertThatThrownBy(() -> GeneratedImages.generate(0, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("train must be in [1, 699050], found 0");
    }

    private static int[] labels(ImageSet images) {
        int[] labels = new int[images.size()];
        Arrays.setAll(labels, images::label);
        return labels;
    }

    private static double nearestMeanAccuracy(ImageDataSet data) {
        double[][] means = new double[data.classes()][ImageSet.CHANNELS * GRID * GRID];
        int[] counts = new int[data.classes()];
        for (int i = 0; i < data.train().size(); i++) {
            counts[data.train().label(i)]++;
            addFeatures(data.train(), i, means[data.train().label(i)]);
        }
        int right = 0;
        for (int i = 0; i < data.test().size(); i++) {
            double[] features = new double[means[0].length];
            addFeatures(data.test(), i, features);
            if (nearest(means, counts, features) == data.test().label(i)) {
                right++;
            }
        }
        return right / (double) data.test().size();
    }

    private static void addFeatures(ImageSet images, int image, double[] sums) {
        int cell = 32 / GRID;
        for (int i = 0; i < ImageSet.bytesOf(32); i++) {
            int x = i % 32;
            int row = i / 32; // counts on through the channels
            int value = Byte.toUnsignedInt(images.pixels()[image * ImageSet.bytesOf(32) + i]);
            sums[row / cell * GRID + x / cell] += value;
        }
    }

    private static int nearest(double[][] sums, int[] counts, double[] features) {
        int best = 0;
        double bestDistance = Double.POSITIVE_INFINITY;
        for (int label = 0; label < sums.length; label++) {
            double distance = 0;
            for (int j = 0; j < features.length; j++) {
                double difference = features[j] - sums[label][j] / counts[label];
                distance += difference * difference;
            }
            if (distance < bestDistance) {
                bestDistance = distance;
                best = label;
            }
        }
        return best;
    }
}
