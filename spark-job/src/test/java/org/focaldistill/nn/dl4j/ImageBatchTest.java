package org.focaldistill.nn.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.Views;
import org.focaldistill.net.ImageInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class ImageBatchTest {
    private static final int IMAGE_BYTES = 3 * 32 * 32;
    private static final double[] MEAN = {0.5071, 0.4867, 0.4408};
    private static final double[] DEVIATION = {0.2675, 0.2565, 0.2761};
    /** Two images, every value of a byte among their pixels. */
    private static final byte[] PIXELS = new byte[2 * IMAGE_BYTES];

    static {
        new Random(3).nextBytes(PIXELS);
    }

    @Test
    void the_centre_view_is_the_normalised_image_pixel_by_pixel_with_its_colours_together() {
        ImageBatch batch = new ImageBatch(ImageInput.CIFAR, 1);
        batch.add(PIXELS, IMAGE_BYTES, 0, 0, false);
        INDArray array = batch.toArray(DataType.FLOAT);

        assertThat(array.shape()).containsExactly(1, 32, 32, 3);
        assertThat(array.ordering()).isEqualTo('c');
        float[] values = array.data().asFloat();
        for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 32; x++) {
                for (int c = 0; c < 3; c++) {
                    assertThat((double) values[(y * 32 + x) * 3 + c]).isCloseTo(expected(1, c, y, x), within(1e-6));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "4, 0, false",
        "-4, 0, false",
        "0, 4, false",
        "0, -4, false",
        "-4, 4, false",
        "4, 4, true",
        "-3, -2, true",
        "0, 0, true",
        "1, 3, true"
    })
    void a_view_is_a_crop_from_a_black_border_mirrored_afterwards(int down, int right, boolean flip) {
        ImageBatch batch = new ImageBatch(ImageInput.CIFAR, 1);
        batch.add(PIXELS, 0, down, right, flip);
        INDArray array = batch.toArray(DataType.FLOAT);
        for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 32; x++) {
                int shownAt = flip ? 31 - x : x;
                for (int c = 0; c < 3; c++) {
                    assertThat(array.getDouble(0, y, shownAt, c))
                            .as("row %d, column %d of the crop, colour %d", y, x, c)
                            .isCloseTo(expected(0, c, y + down, x + right), within(1e-6));
                }
            }
        }
    }

    @Test
    void black_is_normalised_too() {
        ImageBatch batch = new ImageBatch(ImageInput.CIFAR, 1);
        batch.add(PIXELS, 0, 4, 0, false);
        INDArray array = batch.toArray(DataType.FLOAT);
        assertThat(array.getDouble(0, 31, 5, 0)).isCloseTo(-1.8957, within(1e-4));
        assertThat(array.getDouble(0, 31, 5, 1)).isCloseTo(-1.8975, within(1e-4));
        assertThat(array.getDouble(0, 31, 5, 2)).isCloseTo(-1.5965, within(1e-4));
    }

    @Test
    void a_partly_filled_batch_has_only_its_images() {
        ImageBatch batch = new ImageBatch(ImageInput.CIFAR, 5);
        batch.add(PIXELS, 0, 0, 0, false);
        batch.add(PIXELS, IMAGE_BYTES, 0, 0, false);
        INDArray array = batch.toArray(DataType.FLOAT);
        assertThat(array.shape()).containsExactly(2, 32, 32, 3);
        assertThat(array.getDouble(1, 9, 8, 2)).isCloseTo(expected(1, 2, 9, 8), within(1e-6));
    }

    @Test
    void a_batch_can_be_filled_again_and_arrays_made_before_keep_their_images() {
        ImageSet images = new ImageSet(32, PIXELS, new byte[2], new byte[2]);
        ImageBatch batch = new ImageBatch(ImageInput.CIFAR, 2);
        INDArray first =
                batch.fill(images, new int[] {1, 0}, view -> Views.CENTRE).toArray(DataType.FLOAT);
        float[] before = first.data().asFloat();
        INDArray second =
                batch.fill(images, new int[] {0}, view -> Views.CENTRE).toArray(DataType.FLOAT);
        assertThat(second.data().asFloat()).isEqualTo(Arrays.copyOfRange(before, IMAGE_BYTES, 2 * IMAGE_BYTES));
        assertThat(first.data().asFloat()).isEqualTo(before);
    }

    @Test
    void doubles_are_the_same_numbers() {
        ImageBatch batch = new ImageBatch(ImageInput.CIFAR, 1);
        batch.add(PIXELS, 0, 1, -1, true);
        INDArray doubles = batch.toArray(DataType.DOUBLE);
        assertThat(doubles.dataType()).isEqualTo(DataType.DOUBLE);
        assertThat(doubles.data().asFloat())
                .isEqualTo(batch.toArray(DataType.FLOAT).data().asFloat());
    }

    @Test
    void one_image_too_many_is_refused() {
        ImageBatch batch = new ImageBatch(ImageInput.CIFAR, 2);
        batch.add(PIXELS, 0, 0, 0, false);
        batch.add(PIXELS, 0, 0, 0, false);
        assertThatThrownBy(() -> batch.add(PIXELS, 0, 0, 0, false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The batch holds 2 images already");
    }

    /** The normalised pixel, black outside the image. */
    private static double expected(int image, int colour, int row, int column) {
        boolean inside = row >= 0 && row < 32 && column >= 0 && column < 32;
        int value = inside ? PIXELS[image * IMAGE_BYTES + colour * 1024 + row * 32 + column] & 0xff : 0;
        return (value / 255.0 - MEAN[colour]) / DEVIATION[colour];
    }
}
