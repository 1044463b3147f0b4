package org.focaldistill.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImageSetTest {
    private static final ImageSet TWO =
            new ImageSet(32, new byte[2 * 3072], new byte[] {(byte) 200, 3}, new byte[] {1, 2});

    @Test
    void labelsAreUnsigned() {
        assertThat(TWO.label(0)).isEqualTo(200);
        assertThat(TWO.coarseLabel(1)).isEqualTo(2);
    }

    @Test
    void firstTakesAPrefix() {
        ImageSet one = TWO.first(1);

        assertThat(one.size()).isEqualTo(1);
        assertThat(one.pixels()).hasSize(3072);
        assertThat(one.label(0)).isEqualTo(200);
        assertThat(TWO.first(2)).isSameAs(TWO);
    }

    @Test
    void firstRefusesMoreThanThereAre() {
        assertThatThrownBy(() -> TWO.first(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot take the first 3 of 2 images");
    }

    @Test
    void lengthsMustAgree() {
        assertThatThrownBy(() -> new ImageSet(32, new byte[3071], new byte[1], new byte[1]))
                .hasMessage("1 labels need 3072 bytes of pixels, found 3071");
        assertThatThrownBy(() -> new ImageSet(32, new byte[3072], new byte[1], new byte[2]))
                .hasMessage("Found 1 labels but 2 coarse labels");
    }

    @Test
    void aDataSetRefusesLabelsWithoutAName() {
        assertThatThrownBy(() -> new ImageDataSet("cifar10", false, List.of("a", "b"), List.of(), TWO, TWO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Label 200 of training image 0 is not in [0, 2)");
    }

    @Test
    void onlyGeneratedImagesAreNamedSo() {
        ImageSet none = TWO.first(0);

        assertThatThrownBy(() -> new ImageDataSet("generated", false, List.of("a"), List.of(), none, none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 'generated' with generated = false");
    }
}
