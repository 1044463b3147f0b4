package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFilesTest {
    private java.nio.file.Path folder;
    private CheckpointFiles files;

    @BeforeEach
    void openFolder(@TempDir java.nio.file.Path temp) throws IOException {
        folder = temp.resolve("trials/abc/checkpoints");
        files = new CheckpointFiles(new Configuration(), new Path(folder.toUri()));
    }

    @Test
    void a_checkpoint_that_is_not_permitted_any_more_is_not_there() throws IOException {
        files.save(1, checkpoint(1), () -> {});
        assertThatThrownBy(() -> files.save(2, checkpoint(2), () -> {
                    throw new IOException("another driver has taken over");
                }))
                .hasMessageContaining("another driver has taken over");
        assertThat(files.newestEpoch()).isEqualTo(1);
    }

    @Test
    void before_the_first_there_is_none() throws IOException {
        assertThat(newestEpoch()).isNull();
        assertThat(files.newestEpoch()).isZero();
    }

    @Test
    void the_newest_wins_and_two_are_kept() throws IOException {
        for (int epoch : List.of(1, 2, 9, 10, 100)) {
            files.save(epoch, checkpoint(epoch), () -> {});
            assertThat(newestEpoch()).isEqualTo(epoch);
            assertThat(files.newestEpoch()).isEqualTo(epoch);
        }
        assertThat(names()).containsExactly("epoch-00010.safetensors", "epoch-00100.safetensors");
    }

    @Test
    void an_epoch_saved_again_takes_its_older_files_place() throws IOException {
        files.save(4, checkpoint(3), () -> {});
        files.save(4, checkpoint(4), () -> {});
        assertThat(newestEpoch()).isEqualTo(4);
        assertThat(names()).containsExactly("epoch-00004.safetensors");
    }

    @Test
    void a_newest_that_was_cut_short_gives_way_to_the_one_before() throws IOException {
        files.save(5, checkpoint(5), () -> {});
        files.save(6, checkpoint(6), () -> {});
        damage(6);
        assertThat(newestEpoch()).isEqualTo(5);
    }

    @Test
    void a_newest_that_its_reader_refuses_gives_way_to_the_one_before() throws IOException {
        files.save(5, checkpoint(5), () -> {});
        files.save(6, checkpoint(6), () -> {});
        String found = files.newest((file, name) -> {
            if (name.endsWith("epoch-00006.safetensors")) {
                throw new InvalidModelException("not mine");
            }
            return name;
        });
        assertThat(found).endsWith("trials/abc/checkpoints/epoch-00005.safetensors");
    }

    @Test
    void when_all_are_damaged_there_is_none() throws IOException {
        files.save(5, checkpoint(5), () -> {});
        files.save(6, checkpoint(6), () -> {});
        damage(5);
        damage(6);
        assertThat(newestEpoch()).isNull();
    }

    @Test
    void a_training_begun_anew_after_damage_keeps_its_own_checkpoints() throws IOException {
        files.save(5, checkpoint(5), () -> {});
        files.save(6, checkpoint(6), () -> {});
        damage(5);
        damage(6);
        files.save(1, checkpoint(1), () -> {});
        assertThat(newestEpoch()).isEqualTo(1);
        files.save(2, checkpoint(2), () -> {});
        assertThat(newestEpoch()).isEqualTo(2);
        assertThat(names()).containsExactly("epoch-00001.safetensors", "epoch-00002.safetensors");
    }

    @Test
    void other_files_in_the_folder_are_let_be() throws IOException {
        files.save(1, checkpoint(1), () -> {});
        Files.writeString(folder.resolve("epoch-00009.safetensors.part"), "half");
        Files.writeString(folder.resolve("notes.txt"), "by hand");
        files.save(2, checkpoint(2), () -> {});
        files.save(3, checkpoint(3), () -> {});
        assertThat(newestEpoch()).isEqualTo(3);
        assertThat(names())
                .containsExactly(
                        "epoch-00002.safetensors",
                        "epoch-00003.safetensors",
                        "epoch-00009.safetensors.part",
                        "notes.txt");
    }

    @Test
    void an_error_of_another_kind_is_not_taken_for_damage() throws IOException {
        files.save(5, checkpoint(5), () -> {});
        assertThatThrownBy(() -> files.newest((file, name) -> {
                    throw new IllegalStateException("no memory for the network");
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_newest_that_is_sound_but_not_to_be_gone_on_from_ends_the_search_and_stays() throws IOException {
        files.save(5, checkpoint(5), () -> {});
        files.save(6, checkpoint(6), () -> {});
        assertThatThrownBy(() -> files.newest((file, name) -> {
                    throw new IOException("another engine's");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("another engine's");
        assertThat(names()).containsExactly("epoch-00005.safetensors", "epoch-00006.safetensors");
    }

    @Test
    void deleting_leaves_nothing_and_may_be_done_twice() throws IOException {
        files.save(1, checkpoint(1), () -> {});
        files.delete();
        assertThat(folder).doesNotExist();
        assertThat(newestEpoch()).isNull();
        files.delete();
    }

    private Integer newestEpoch() throws IOException {
        return files.newest((file, name) -> Integer.valueOf(file.metadata().get("epoch")));
    }

    private void damage(int epoch) throws IOException {
        java.nio.file.Path file = folder.resolve("epoch-0000" + epoch + ".safetensors");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }

    private List<String> names() throws IOException {
        try (Stream<java.nio.file.Path> list = Files.list(folder)) {
            return list.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Safetensors checkpoint(int epoch) {
        return new Safetensors(
                Map.of("a", new Tensor(new long[] {1}, new float[] {epoch})), Map.of("epoch", Integer.toString(epoch)));
    }
}
