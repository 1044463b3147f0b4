package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {
    private final ModelFiles models = new ModelFiles(new Configuration());

    @TempDir
    private java.nio.file.Path folder;

    @Test
    void a_model_is_published_with_its_folders_and_read_back() throws Exception {
        Path file = path("teachers/big/model.safetensors");
        assertThat(models.exists(file)).isFalse();
        models.replace(file, model(1));
        assertThat(models.exists(file)).isTrue();
        assertThat(models.read(file).toBytes()).isEqualTo(model(1).toBytes());
    }

    @Test
    void the_file_is_the_format_itself_and_stands_alone() throws Exception {
        models.replace(path("model.safetensors"), model(1));
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(model(1).toBytes());
        try (Stream<java.nio.file.Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("model.safetensors");
        }
    }

    @Test
    void a_newer_model_takes_an_older_ones_place() throws Exception {
        models.replace(path("model.safetensors"), model(1));
        models.replace(path("model.safetensors"), model(2));
        assertThat(models.read(path("model.safetensors")).toBytes()).isEqualTo(model(2).toBytes());
    }

    @Test
    void a_damaged_model_is_refused_by_name() throws Exception {
        byte[] whole = model(1).toBytes();
        Files.write(folder.resolve("model.safetensors"), Arrays.copyOf(whole, whole.length - 2));
        assertThatThrownBy(() -> models.read(path("model.safetensors")))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("Cannot read the model " + path("model.safetensors"))
                .hasMessageContaining("tensor a lies outside the file's 6 bytes of data");
    }

    @Test
    void an_empty_file_is_no_model() throws Exception {
        Files.createFile(folder.resolve("model.safetensors"));
        assertThatThrownBy(() -> models.read(path("model.safetensors")))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("it has 0 bytes, too few for a header");
    }

    @Test
    void a_file_far_too_large_is_refused_before_it_is_read() throws Exception {
        try (RandomAccessFile sparse =
                new RandomAccessFile(folder.resolve("model.safetensors").toFile(), "rw")) {
            sparse.setLength((1L << 30) + 1);
        }
        assertThatThrownBy(() -> models.read(path("model.safetensors")))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("it has 1073741825 bytes, more than any model of the zoo");
    }

    @Test
    void a_missing_model_is_a_missing_file() {
        assertThatThrownBy(() -> models.read(path("model.safetensors")))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("model.safetensors");
    }

    private Path path(String name) {
        return new Path(folder.resolve(name).toUri());
    }

    private static Safetensors model(float first) {
        return new Safetensors(
                Map.of("a", new Tensor(new long[] {2}, new float[] {first, -0f})), Map.of("model", "resnet8"));
    }
}
