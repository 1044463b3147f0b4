package org.focaldistill.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.focaldistill.net.ImageInput;
import org.focaldistill.net.Normalisation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageHeaderTest {
    @Test
    void images_like_cifar_s_leave_no_entry() throws InvalidModelException {
        assertThat(ImageHeader.of(ImageInput.CIFAR)).isEmpty();
        assertThat(ImageHeader.read(Map.of(), "x")).isEqualTo(ImageInput.CIFAR);
    }

    @Test
    void others_are_read_as_they_were_written() throws InvalidModelException {
        ImageInput own = new ImageInput(96, new Normalisation(List.of(0.1, 1e-4, 0.5), List.of(0.2, 1.0, 0.3)));
        assertThat(ImageHeader.of(own))
                .isEqualTo(Map.of("images", "96 x 96, mean [0.1, 1.0E-4, 0.5], deviation [0.2, 1.0, 0.3]"));
        assertThat(ImageHeader.read(ImageHeader.of(own), "x")).isEqualTo(own);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "many",
                "64 x 32, mean [0.1, 0.1, 0.1], deviation [0.2, 0.2, 0.2]",
                "0 x 0, mean [0.1, 0.1, 0.1], deviation [0.2, 0.2, 0.2]",
                "64 x 64, mean [0.1, 0.1], deviation [0.2, 0.2]",
                "64 x 64, mean [a, b, c], deviation [0.2, 0.2, 0.2]",
                "64 x 64, mean [0.1, 0.1, 0.1], deviation [0.0, 0.2, 0.2]"
            })
    void what_can_not_be_is_refused(String entry) {
        assertThatThrownBy(() -> ImageHeader.read(Map.of("images", entry), "x.safetensors"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("The model file x.safetensors says of its images '" + entry + "'");
    }
}
