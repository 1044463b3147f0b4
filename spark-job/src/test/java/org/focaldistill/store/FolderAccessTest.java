package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderAccessTest {
    private final FolderAccess access = new FolderAccess(new Configuration());

    @TempDir
    private java.nio.file.Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"s3a", "gs", "abfs", "ftp", "webhdfs", "har"})
    void object_stores_and_others_without_an_atomic_rename_are_refused(String scheme) {
        assertThat(FolderAccess.refusal(scheme))
                .startsWith("a file system of the kind " + scheme + ": is not supported")
                .contains("hdfs:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "hdfs", "viewfs"})
    void local_disks_and_hdfs_are_not(String scheme) {
        assertThat(FolderAccess.refusal(scheme)).isNull();
        assertThat(FolderAccess.refusal(null)).isNull();
    }

    @Test
    void nothing_is_published_on_a_file_system_that_is_refused() throws IOException {
        FileSystem http = FileSystem.newInstance(URI.create("http://localhost/"), new Configuration());
        assertThatThrownBy(() -> AtomicFiles.writeNew(http, new Path("http://localhost/x"), new byte[1]))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Cannot write to http://localhost")
                .hasMessageContaining("a file system of the kind http: is not supported");
    }

    @Test
    void a_writable_folder_is_made_and_left_empty() throws IOException {
        java.nio.file.Path folder = temp.resolve("a/b");
        access.requireReachable("paths.results", folder.toString());
        assertThat(folder).doesNotExist();
        access.requireWritable("paths.results", folder.toString());
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_file_in_a_folders_place_is_named_with_the_setting() throws IOException {
        java.nio.file.Path file = Files.writeString(temp.resolve("file"), "no folder");
        assertThatThrownBy(() -> access.requireWritable("paths.results", file + "/results"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Cannot write to paths.results = " + file + "/results: ");
        assertThat(file).hasContent("no folder");
    }
}
