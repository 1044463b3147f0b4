package org.focaldistill.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ViewedImagesTest {
    @Test
    void over_all_positions_every_image_is_there_once_in_every_view() {
        Set<Integer> seen = new HashSet<>();
        for (int position = 0; position < Views.COUNT; position++) {
            ViewedImages set = new ViewedImages.AtPosition(position, 20);
            assertThat(set.indices()).hasSize(set.size());
            for (int index : set.indices()) {
                assertThat(seen.add(index * Views.COUNT + set.view(index))).isTrue();
            }
        }
        assertThat(seen).hasSize(20 * Views.COUNT);
    }

    @Test
    void held_out_images_are_those_of_the_training_order_as_they_are() {
        ViewedImages set = new ViewedImages.HeldOut(3, 100, 10);
        assertThat(set.indices()).isEqualTo(new TrainingOrder(3, 100, 10).validation());
        assertThat(IntStream.of(set.indices()).map(set::view)).containsOnly(Views.CENTRE);
        assertThat(set.areTestImages()).isFalse();
    }

    @Test
    void names_tell_sets_apart() {
        assertThat(Set.of(
                        new ViewedImages.AtPosition(7, 100).name(),
                        new ViewedImages.AtPosition(7, 101).name(),
                        new ViewedImages.AtPosition(8, 100).name(),
                        new ViewedImages.HeldOut(1, 100, 7).name(),
                        new ViewedImages.HeldOut(2, 100, 7).name(),
                        new ViewedImages.Test(100).name()))
                .hasSize(6)
                .contains("train-100-position-007", "train-100-held-out-7-seed-1", "test-100");
    }

    @Test
    void there_are_162_positions() {
        assertThatThrownBy(() -> new ViewedImages.AtPosition(162, 10)).hasMessageContaining("from 0 to 161");
    }
}
