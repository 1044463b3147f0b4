package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicPublishTest {
    private Path directory;
    private FileSystem files;
    private AtomicPublish publish;
    private org.apache.hadoop.fs.Path target;

    @BeforeEach
    void openDirectory(@TempDir Path directory) throws IOException {
        this.directory = directory;
        files = FileSystem.get(directory.toUri(), new Configuration());
        publish = new AtomicPublish(new Configuration(), new org.apache.hadoop.fs.Path(directory.toUri()));
        target = new org.apache.hadoop.fs.Path(directory.resolve("file").toUri());
    }

    private AtomicPublish.Content text(String text) {
        return file -> {
            try (FSDataOutputStream out = files.create(file)) {
                out.writeUTF(text);
            }
        };
    }

    private String read() throws IOException {
        try (var in = files.open(target)) {
            return in.readUTF();
        }
    }

    @Test
    void createsAFileOnce() throws IOException {
        assertThat(publish.create(target, text("first"))).isTrue();
        assertThat(publish.create(target, text("second"))).isFalse();
        assertThat(read()).isEqualTo("first");
    }

    @Test
    void doesNotOverwriteAFileThatAppearsMeanwhile() throws IOException {
        boolean created = publish.create(target, hidden -> {
            text("late").writeTo(hidden);
            text("other").writeTo(target);
        });

        assertThat(created).isFalse();
        assertThat(read()).isEqualTo("other");
    }

    @Test
    void replacesAFileWithItsChecksum() throws IOException {
        publish.replace(target, text("first"));
        publish.replace(target, text("a longer second"));
        assertThat(read()).isEqualTo("a longer second");
    }

    @Test
    void leavesNothingBehindWhenWritingFails() throws IOException {
        assertThatThrownBy(() -> publish.create(target, hidden -> {
                    text("half").writeTo(hidden);
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");

        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }
}
