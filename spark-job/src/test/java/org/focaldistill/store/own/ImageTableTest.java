package org.focaldistill.store.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.focaldistill.data.InvalidDataException;
import org.focaldistill.data.own.ImageSource.Entry;
import org.focaldistill.data.own.ImageSource.Listing;
import org.focaldistill.data.own.ImageSource.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageTableTest {
    private static final String PLAIN = "message m { optional binary image; optional binary label (STRING); }";
    private static final String NUMBERS = "message m { required binary image; required int64 label; }";
    /** As Hugging Face's datasets write it. */
    private static final String DATASETS =
            "message schema { optional group image { optional binary bytes; optional binary"
                    + " path (STRING); } optional int64 label; }";

    private static final String NAMES =
            "{\"info\": {\"features\": {\"image\": {\"_type\": \"Image\"}, \"label\": {\"names\": [\"cat\", \"ant\"],"
                    + " \"_type\": \"ClassLabel\"}}}}";

    @TempDir
    private Path folder;

    @Test
    void texts_are_class_names_sorted() throws IOException {
        write("pets.parquet", PLAIN, Map.of(), "dog", "cat", "dog");
        ImageTable table = table("pets.parquet");
        Listing listing = table.list();
        assertThat(listing.classNames()).containsExactly("cat", "dog");
        assertThat(listing.entries())
                .containsExactly(
                        new Entry("pets.parquet, row 1", 1, null),
                        new Entry("pets.parquet, row 2", 0, null),
                        new Entry("pets.parquet, row 3", 1, null));
        assertThat(contents(table, listing)).containsExactly("image 0", "image 1", "image 2");
    }

    @Test
    void numbers_are_sorted_as_numbers_and_are_their_classes_names() throws IOException {
        write("pets.parquet", NUMBERS, Map.of(), 10L, 9L, 10L);
        Listing listing = table(".").list();
        assertThat(listing.classNames()).containsExactly("9", "10");
        assertThat(listing.entries()).extracting(Entry::label).containsExactly(1, 0, 1);
    }

    @Test
    void files_of_hugging_face_have_their_names_of_classes_in_their_order() throws IOException {
        write("data/train-00000-of-00001.parquet", DATASETS, Map.of("huggingface", NAMES), 1L, 0L);
        write("data/test-00000-of-00001.parquet", DATASETS, Map.of("huggingface", NAMES), 1L);
        ImageTable table = table(".");
        Listing listing = table.list();
        assertThat(listing.classNames()).containsExactly("cat", "ant");
        assertThat(listing.entries())
                .containsExactly(
                        new Entry("data/test-00000-of-00001.parquet, row 1", 1, Part.TEST),
                        new Entry("data/train-00000-of-00001.parquet, row 1", 1, Part.TRAIN),
                        new Entry("data/train-00000-of-00001.parquet, row 2", 0, Part.TRAIN));
        assertThat(contents(table, listing)).containsExactly("image 0", "image 0", "image 1");
    }

    @Test
    void folders_train_and_test_say_what_is_for_what_and_spark_s_marks_are_not_seen() throws IOException {
        write("train/part-0.snappy.parquet", PLAIN, Map.of(), "a", "b");
        write("test/part-0.snappy.parquet", PLAIN, Map.of(), "a");
        Files.writeString(folder.resolve("train/_SUCCESS"), "");
        assertThat(table(".").list().entries())
                .extracting(Entry::part)
                .containsExactly(Part.TEST, Part.TRAIN, Part.TRAIN);
    }

    @Test
    void a_row_without_an_image_is_told_and_one_without_a_label_refused() throws IOException {
        write("pets.parquet", PLAIN, Map.of(), "cat", "none");
        ImageTable table = table(".");
        assertThat(contents(table, table.list())).containsExactly("image 0", "it has no image");
        write("more.parquet", PLAIN, Map.of(), "cat", null);
        assertRefused("There is no label in more.parquet, row 2, column label");
    }

    @Test
    void what_is_no_table_of_images_and_labels_is_refused_with_what_it_has() throws IOException {
        assertRefused("There are no Parquet files (*.parquet) in file:");
        write("pets.parquet", "message m { required binary picture; required int64 label; }", Map.of(), 1L);
        assertRefused("pets.parquet has no column image (data.imageColumn); it has picture, label");
        write("pets.parquet", "message m { required int32 image; required int64 label; }", Map.of());
        assertRefused("The column image of pets.parquet holds no files of images, neither as bytes nor in a field");
        write("pets.parquet", "message m { required binary image; required double label; }", Map.of());
        assertRefused("The column label of pets.parquet holds neither whole numbers nor texts: it is");
        write("pets.parquet", DATASETS, Map.of("huggingface", NAMES), 1L, 2L);
        assertRefused("The label of pets.parquet, row 2 is 2, and the file names 2 classes, from 0 on");
        write("pets.parquet", PLAIN, Map.of());
        assertRefused("The Parquet files in file:");
        write("train.parquet", PLAIN, Map.of(), "a");
        assertRefused("Of pets.parquet in file:" + folder + " the name does not say whether it is for training");
        Files.delete(folder.resolve("train.parquet"));
        Files.delete(folder.resolve(".pets.parquet.crc"));
        Files.writeString(folder.resolve("pets.parquet"), "no Parquet at all, but long enough for one");
        assertRefused("file:" + folder + "/pets.parquet can not be read as Parquet: ");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> table(".").list())
                .isInstanceOf(InvalidDataException.class)
                .hasMessageStartingWith(message);
    }

    private ImageTable table(String name) throws IOException {
        Path path = folder.resolve(name).normalize();
        return new ImageTable(new Configuration(), new org.apache.hadoop.fs.Path(path.toUri()), "image", "label");
    }

    private static List<String> contents(ImageTable table, Listing listing) throws IOException {
        List<String> contents = new ArrayList<>();
        table.read(
                listing,
                (entry, content, problem) ->
                        contents.add(content == null ? problem : new String(content, StandardCharsets.UTF_8)));
        return contents;
    }

    /** A row for each label, with its number for an image; none beside the label "none". */
    private void write(String name, String schema, Map<String, String> metadata, Object... labels) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        MessageType type = MessageTypeParser.parseMessageType(schema);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
                .withType(type)
                .withExtraMetaData(metadata)
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .build()) {
            for (int i = 0; i < labels.length; i++) {
                Group row = new SimpleGroup(type);
                if (!"none".equals(labels[i])) {
                    Group image = type.getType(0).isPrimitive() ? row : row.addGroup(0);
                    image.add(0, Binary.fromString("image " + i));
                }
                if (labels[i] instanceof Long number) {
                    row.add(1, number);
                } else if (labels[i] != null) {
                    row.add(1, String.valueOf(labels[i]));
                }
                writer.write(row);
            }
        }
    }
}
