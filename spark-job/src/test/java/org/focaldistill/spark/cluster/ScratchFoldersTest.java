package org.focaldistill.spark.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchFoldersTest {
    private final SparkConf conf = new SparkConf(false);

    @Test
    void one_folder_that_can_be_written_is_enough_and_may_have_to_be_made(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatCode(() -> ScratchFolders.requireOne(conf, file + "," + folder.resolve("new")))
                .doesNotThrowAnyException();
        assertThatCode(() -> ScratchFolders.requireOne(conf, null)).doesNotThrowAnyException();
    }

    @Test
    void where_none_can_be_written_the_message_says_which_and_where_it_is_set(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> ScratchFolders.requireOne(conf, file.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot write to " + file)
                .hasMessageContaining("SPARK_LOCAL_DIRS is " + file);
        conf.set("spark.local.dir", file.toString());
        assertThatThrownBy(() -> ScratchFolders.requireOne(conf, null))
                .hasMessageContaining("spark.local.dir is " + file + "; name one");
    }
}
