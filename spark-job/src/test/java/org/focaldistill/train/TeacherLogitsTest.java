package org.focaldistill.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.focaldistill.net.ImageInput;
import org.focaldistill.net.Normalisation;
import org.junit.jupiter.api.Test;

class TeacherLogitsTest {
    /** It is part of the key of every bank there is. */
    @Test
    void the_scheme_of_images_like_cifar_s_stays_as_it_is() {
        assertThat(TeacherLogits.scheme(ImageInput.CIFAR))
                .isEqualTo("crop 32 of 40, black border, flip, order ebde40b3; mean [0.5071, 0.4867, 0.4408], deviation"
                        + " [0.2675, 0.2565, 0.2761]");
    }

    @Test
    void that_of_others_has_their_size_and_normalisation() {
        Normalisation own = new Normalisation(List.of(0.1, 0.2, 0.3), List.of(0.4, 0.5, 0.6));
        assertThat(TeacherLogits.scheme(new ImageInput(64, own)))
                .startsWith("crop 64 of 72, black border, flip, order ")
                .endsWith("; mean [0.1, 0.2, 0.3], deviation [0.4, 0.5, 0.6]");
    }
}
