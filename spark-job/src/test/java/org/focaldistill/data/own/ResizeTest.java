package org.focaldistill.data.own;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ResizeTest {
    @Test
    void an_image_of_the_size_stays_as_it_is() {
        Picture picture = columns(4, 4);
        for (Resize resize : Resize.values()) {
            assertThat(resize.fit(picture, 4)).as("%s", resize).isSameAs(picture);
        }
    }

    @Test
    void others_are_refused_where_that_is_asked() {
        assertThat(Resize.REFUSE.fit(columns(4, 5), 4)).isNull();
        assertThat(Resize.REFUSE.fit(columns(5, 5), 4)).isNull();
    }

    @Test
    void the_centre_of_the_longer_side_is_taken() {
        // Columns 2 to 5 of 8, then two and two together.
        assertThat(firstRow(Resize.SCALE_AND_CROP.fit(columns(8, 4), 4))).containsExactly(20, 30, 40, 50);
        assertThat(Resize.SCALE_AND_CROP.fit(columns(4, 9), 4).pixels())
                .isEqualTo(columns(4, 4).pixels());
    }

    @Test
    void both_sides_are_scaled_where_that_is_asked() {
        // A triangle of four pixels' width: 1/8, 3/8, 3/8, 1/8, and of it what lies inside.
        assertThat(firstRow(Resize.STRETCH.fit(columns(8, 4), 4))).containsExactly(7, 25, 45, 63);
        assertThat(firstRow(Resize.STRETCH.fit(columns(2, 2), 4))).containsExactly(0, 3, 8, 10);
    }

    @Test
    void one_colour_stays_that_colour() {
        byte[] pixels = new byte[3 * 37 * 23];
        Arrays.fill(pixels, (byte) 201);
        for (int side : new int[] {5, 32, 64}) {
            byte[] scaled = new byte[3 * side * side];
            Arrays.fill(scaled, (byte) 201);
            assertThat(Resize.STRETCH.fit(new Picture(37, 23, pixels), side).pixels())
                    .isEqualTo(scaled);
            assertThat(Resize.SCALE_AND_CROP
                            .fit(new Picture(37, 23, pixels), side)
                            .pixels())
                    .isEqualTo(scaled);
        }
    }

    /** Column x has the value 10 x. */
    private static Picture columns(int width, int height) {
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (10 * (i % width));
        }
        return new Picture(width, height, pixels);
    }

    private static byte[] firstRow(Picture picture) {
        return Arrays.copyOf(picture.pixels(), picture.width());
    }
}
