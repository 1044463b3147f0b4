package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.focaldistill.data.ColourStatistics;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ImageDataSet;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.InvalidDataException;
import org.focaldistill.testing.Defaults;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardStoreTest {
    private static final ImageDataSet DATA = GeneratedImages.generate(25, 7, 3);

    private Path temp;
    private Path folder;
    private ShardStore store;

    @BeforeEach
    void openStore(@TempDir Path parent) throws IOException {
        temp = parent;
        folder = parent.resolve("generated");
        store = storeIn(folder);
    }

    @Test
    void whatIsWrittenReadsBack() throws IOException {
        DataSetIndex index = store.write(DATA, 10);

        assertThat(store.index()).isEqualTo(index);
        assertThat(index.name()).isEqualTo("generated");
        assertThat(index.generated()).isTrue();
        assertThat(index.classNames()).isEqualTo(DATA.classNames());
        assertThat(index.trainImages()).isEqualTo(25);
        assertThat(index.testImages()).isEqualTo(7);
        assertThat(index.shards())
                .extracting(DataSetIndex.Shard::file)
                .containsExactly(
                        "train-00000.parquet", "train-00001.parquet", "train-00002.parquet", "test-00000.parquet");
        assertSameImages(store.read(Split.TRAIN), DATA.train());
        assertSameImages(store.read(Split.TEST), DATA.test());
    }

    @Test
    void one_s_own_images_keep_their_size_and_colours() throws IOException {
        byte[] pixels = new byte[5 * ImageSet.bytesOf(64)];
        new Random(1).nextBytes(pixels);
        ImageSet images = new ImageSet(64, pixels, new byte[] {0, 1, 1, 0, 1}, new byte[5]);
        ColourStatistics statistics = ColourStatistics.of(images);
        DataSetIndex index = store.write(
                new ImageDataSet("pets", false, List.of("cat", "dog"), List.of(), statistics, images, images.first(2)),
                2);

        assertThat(store.index()).isEqualTo(index);
        assertThat(index.schemaVersion()).isEqualTo(2);
        assertThat(index.imageSide()).isEqualTo(64);
        assertThat(index.mean()).isEqualTo(statistics.mean());
        assertThat(index.deviation()).isEqualTo(statistics.deviation());
        assertSameImages(store.read(Split.TRAIN), images);
        assertSameImages(store.read(Split.TEST), images.first(2));
        assertThat(store.read(Split.TEST).side()).isEqualTo(64);
    }

    /** Earlier programs read it. */
    @Test
    void an_index_of_images_like_cifar_s_is_of_version_1_and_has_no_size() throws IOException {
        DataSetIndex index = store.write(DATA, 30);
        assertThat(index.schemaVersion()).isEqualTo(1);
        assertThat(index.imageSide()).isEqualTo(32);
        assertThat(folder.resolve("_index.json"))
                .content()
                .startsWith("{\n  \"schemaVersion\" : 1,\n  \"name\" : \"generated\",")
                .containsPattern("\"testImages\" : 7,\n  \"hash\"")
                .doesNotContain("imageSide", "mean", "deviation");
    }

    @Test
    void shards_have_the_same_names_in_every_locale() throws IOException {
        try (Defaults elsewhere = new Defaults("ar-EG", "UTC")) {
            assertThat(store.write(DATA, 25).shards())
                    .extracting(DataSetIndex.Shard::file)
                    .containsExactly("train-00000.parquet", "test-00000.parquet");
        }
    }

    @Test
    void aFolderHoldsItsShardsAndIndexAndNothingElse() throws IOException {
        store.write(DATA, 30);

        assertThat(names(folder)).containsExactlyInAnyOrder("train-00000.parquet", "test-00000.parquet", "_index.json");
        assertThat(names(temp)).containsExactly("generated");
        assertThat(folder.resolve("_index.json")).content().contains("\"split\" : \"train\"");
    }

    @Test
    void theHashDoesNotDependOnShards() throws IOException {
        String hash = store.write(DATA, 10).hash();

        assertThat(storeIn(temp.resolve("other")).write(DATA, 4).hash()).isEqualTo(hash);
    }

    @Test
    void writingTheSameImagesAgainChangesNothing() throws IOException {
        DataSetIndex first = store.write(DATA, 10);
        var written = Files.getLastModifiedTime(folder.resolve("_index.json"));

        assertThat(store.write(DATA, 5)).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(folder.resolve("_index.json"))).isEqualTo(written);
    }

    @Test
    void refusesToReplaceOtherImages() throws IOException {
        String there = store.write(DATA, 10).hash();
        ImageDataSet other = GeneratedImages.generate(25, 7, 4);

        assertThatThrownBy(() -> store.write(other, 10))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContainingAll(folder.toString(), there, DataSetHash.of(other), "paths.data", "delete it");
        assertThat(store.index().hash()).isEqualTo(there);
    }

    @Test
    void refusesAFolderOfOtherThings() throws IOException {
        Files.createDirectory(folder);
        Files.writeString(folder.resolve("notes.txt"), "precious");

        assertThatThrownBy(() -> store.write(DATA, 10))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContainingAll(folder.toString(), "is not a prepared data set");
        assertThat(names(folder)).containsExactly("notes.txt");
    }

    @Test
    void usesAnEmptyFolder() throws IOException {
        Files.createDirectory(folder);

        store.write(DATA, 10);

        assertThat(store.read(Split.TEST).size()).isEqualTo(7);
    }

    @Test
    void twoWhoPrepareTheSameImagesAtOnceGetTheSameDataSet() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<DataSetIndex>> both = threads.invokeAll(List.of(
                    () -> storeIn(folder).write(DATA, 10), () -> storeIn(folder).write(DATA, 4)));
            assertThat(both.get(0).get()).isEqualTo(both.get(1).get()).isEqualTo(store.index());
        } finally {
            threads.shutdown();
        }
        assertSameImages(store.read(Split.TRAIN), DATA.train());
        assertThat(names(temp)).containsExactly("generated");
    }

    @Test
    void worksInAFolderWithSpacesAndSigns() throws IOException {
        ShardStore odd = storeIn(temp.resolve("my data 100%").resolve("generated"));

        odd.write(DATA, 10);

        assertSameImages(odd.read(Split.TEST), DATA.test());
    }

    @Test
    void aWriteThatFailsLeavesNothing() throws IOException {
        Files.createDirectory(folder);
        ShardStore inAFile = storeIn(Files.writeString(temp.resolve("file"), "").resolve("data"));

        assertThatThrownBy(() -> inAFile.write(DATA, 10)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> store.write(DATA, 0)).hasMessage("imagesPerShard must be at least 1, found 0");
        assertThat(names(temp)).containsExactlyInAnyOrder("file", "generated");
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void sayingWhichCommandPreparesTheData() {
        assertThatThrownBy(() -> store.read(Split.TRAIN))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContainingAll(folder.toString(), "focaldistill prepare");
    }

    @Test
    void readsTheFirstImagesFromAsFewShardsAsNeeded() throws IOException {
        store.write(DATA, 10);
        Files.delete(folder.resolve("train-00002.parquet"));

        assertSameImages(store.read(Split.TRAIN, 13), DATA.train().first(13));
        assertSameImages(store.read(Split.TRAIN, 20), DATA.train().first(20));
        assertThatThrownBy(() -> store.read(Split.TRAIN, 21))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContainingAll("train-00002.parquet is missing", "focaldistill prepare");
    }

    @Test
    void refusesToReadMoreThanThereIs() throws IOException {
        store.write(DATA, 10);

        assertThatThrownBy(() -> store.read(Split.TEST, 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Cannot read the first 8 of 7 test images");
    }

    @Test
    void namesAShardWithAFlippedBit() throws IOException {
        store.write(DATA, 10);
        Path shard = folder.resolve("train-00001.parquet");
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length / 2] ^= 4;
        Files.write(shard, bytes);

        assertDamaged(() -> store.read(Split.TRAIN), "train-00001.parquet", "its SHA-256 is");
        assertThat(store.read(Split.TEST).size()).isEqualTo(7);
    }

    @Test
    void namesAShardOfAnotherLength() throws IOException {
        store.write(DATA, 10);
        Files.write(folder.resolve("test-00000.parquet"), new byte[9]);

        assertDamaged(() -> store.read(Split.TEST), "test-00000.parquet", "it has 9 bytes, expected");
    }

    @Test
    void namesTheRecordThatIsNotWhatTheIndexSays() throws IOException {
        DataSetIndex index = store.write(DATA, 10);
        DataSetIndex.Shard first = index.shards().get(0);
        DataSetIndex.Shard second = index.shards().get(1);
        List<DataSetIndex.Shard> shards = new ArrayList<>(index.shards());
        shards.set(0, new DataSetIndex.Shard(second.file(), Split.TRAIN, 0, 10, second.bytes(), second.sha256()));
        shards.set(1, new DataSetIndex.Shard(first.file(), Split.TRAIN, 10, 10, first.bytes(), first.sha256()));
        replaceIndex(index, index.classNames(), shards);

        assertDamaged(() -> store.read(Split.TRAIN), "train-00001.parquet, record 0", "its index is 10, expected 0");
    }

    @Test
    void namesTheRecordOfALabelWithoutAName() throws IOException {
        DataSetIndex index = store.write(DATA, 10);
        int largest = IntStream.range(0, 7).map(DATA.test()::label).max().orElseThrow();
        replaceIndex(index, index.classNames().subList(0, largest), index.shards());
        int record = IntStream.range(0, 7)
                .filter(i -> DATA.test().label(i) == largest)
                .findFirst()
                .orElseThrow();

        assertDamaged(
                () -> store.read(Split.TEST),
                "test-00000.parquet, record " + record + ":",
                "label %d is not in [0, %d)".formatted(largest, largest));
    }

    @Test
    void saysWhatIsWrongWithADamagedIndex() throws IOException {
        store.write(DATA, 10);
        Path index = folder.resolve("_index.json");
        String json = Files.readString(index);

        Files.writeString(index, json.replace("\"trainImages\" : 25", "\"trainImages\" : 26"));
        assertDamaged(store::index, "_index.json", "The train shards hold 25 images, expected 26");
        Files.writeString(index, json.replace("train-00000.parquet", "../secret"));
        assertDamaged(store::index, "_index.json", "'../secret' is not the name of a shard file");
        Files.writeString(index, json.replace("\"hash\"", "\"hush\""));
        assertDamaged(store::index, "_index.json", "'hash'");
        Files.writeString(index, json.substring(0, 50));
        assertDamaged(store::index, "_index.json is damaged");
        Files.writeString(index, json.replace("\"schemaVersion\" : 1", "\"schemaVersion\" : 9"));
        assertDamaged(store::index, "_index.json", "schema version 9, this program reads 2");
    }

    private void replaceIndex(DataSetIndex index, List<String> classNames, List<DataSetIndex.Shard> shards)
            throws IOException {
        DataSetIndex changed = new DataSetIndex(
                index.schemaVersion(),
                index.name(),
                index.generated(),
                classNames.size(),
                classNames,
                index.coarseNames(),
                index.trainImages(),
                index.testImages(),
                index.imageSide(),
                index.mean(),
                index.deviation(),
                index.hash(),
                shards);
        Files.write(folder.resolve("_index.json"), changed.toJson());
    }

    private static ShardStore storeIn(Path folder) throws IOException {
        return new ShardStore(new Configuration(), new org.apache.hadoop.fs.Path(folder.toUri()));
    }

    private static void assertDamaged(ThrowingCallable read, String... parts) {
        assertThatThrownBy(read).isInstanceOf(InvalidDataException.class).hasMessageContainingAll(parts);
    }

    private static void assertSameImages(ImageSet found, ImageSet expected) {
        assertThat(found.pixels()).isEqualTo(expected.pixels());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.label(i)).isEqualTo(expected.label(i));
            assertThat(found.coarseLabel(i)).isEqualTo(expected.coarseLabel(i));
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
