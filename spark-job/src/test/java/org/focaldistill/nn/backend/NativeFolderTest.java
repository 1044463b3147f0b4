package org.focaldistill.nn.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFolderTest {
    @TempDir
    private Path folder;

    private String problem(String... mounts) throws IOException {
        Path list = Files.writeString(folder.resolve("mounts"), String.join("\n", mounts));
        return String.valueOf(NativeFolder.problem(folder, list));
    }

    private String mounted(Path place, String options) {
        return "device " + place.toString().replace(" ", "\\040") + " ext4 " + options + " 0 0";
    }

    @Test
    void a_folder_where_no_programs_run_is_told_with_the_setting_for_another() throws IOException {
        Path place = folder.toRealPath();
        assertThat(problem(mounted(Path.of("/"), "rw"), mounted(place, "rw,nosuid,noexec")))
                .contains("unpacked to " + folder, "(it is mounted noexec)", "FOCALDISTILL_NATIVES=FOLDER");
    }

    @Test
    void only_the_nearest_and_newest_mount_counts() throws IOException {
        Path place = folder.toRealPath();
        Path parent = place.getParent();
        assertThat(problem(mounted(Path.of("/"), "rw,noexec"), mounted(parent, "rw")))
                .doesNotContain("noexec");
        assertThat(problem(mounted(place, "rw,noexec"), mounted(place, "rw"))).doesNotContain("noexec");
        assertThat(problem(mounted(Path.of(place + "-beside"), "noexec"))).doesNotContain("noexec");
    }

    @Test
    void a_mount_that_java_can_not_name_is_no_reason() throws IOException {
        assertThat(problem("device /media/a\0b ext4 rw 0 0", mounted(folder.toRealPath(), "rw,noexec")))
                .isEqualTo("null");
    }

    @Test
    void nothing_is_in_the_way_where_tests_train() {
        assertThat(NativeFolder.problem()).isNull();
    }
}
