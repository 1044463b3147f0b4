package org.focaldistill.spark.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GpuChoiceTest {
    @Test
    void an_address_names_the_device_where_nothing_is_hidden() {
        assertThat(GpuChoice.of("3", null, null)).isEqualTo(new GpuChoice("3", null, "3", null));
    }

    @Test
    void a_variable_that_is_set_and_names_nothing_hides_all() {
        for (String nothing : List.of("", " ")) {
            assertThat(GpuChoice.of("3", "GPU-abcd", nothing).problem()).contains("hides all of them");
            assertThat(GpuChoice.local(nothing).problem()).contains("unset the variable");
        }
    }

    @Test
    void an_address_among_the_visible_devices_is_kept() {
        assertThat(GpuChoice.of("3", "GPU-abcd", "1, 3").device()).isEqualTo("3");
    }

    @Test
    void a_device_named_by_its_id_is_found_by_it() {
        assertThat(GpuChoice.of("1", "GPU-abcd", "GPU-ffff,GPU-ab"))
                .isEqualTo(new GpuChoice("1", "GPU-abcd", "GPU-ab", null));
        assertThat(GpuChoice.of("0", null, "MIG-1234").device()).isEqualTo("MIG-1234");
    }

    @Test
    void an_address_that_is_hidden_is_refused() {
        assertThat(GpuChoice.of("3", "GPU-abcd", "0,1").problem())
                .contains("GPU 3")
                .contains("CUDA_VISIBLE_DEVICES=0,1 hides");
        assertThat(GpuChoice.of("3", null, "GPU-1,GPU-2").problem()).contains("hides");
    }

    @Test
    void a_local_run_uses_the_first_visible_device() {
        assertThat(GpuChoice.local(null).gpu()).isEqualTo("0");
        assertThat(GpuChoice.local("2,0").device()).isEqualTo("2");
    }
}
