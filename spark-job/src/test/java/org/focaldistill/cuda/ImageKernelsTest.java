package org.focaldistill.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.focaldistill.cuda.driver.CardMemory;
import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.Views;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.ImageInput;
import org.focaldistill.net.Normalisation;
import org.focaldistill.weights.Half;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageKernelsTest {
    private static final ImageSet OF_32 = GeneratedImages.generate(12, 1, 3).train();
    private static final ImageInput OWN =
            new ImageInput(48, new Normalisation(List.of(0.4, 0.5, 0.6), List.of(0.3, 0.2, 0.1)));
    private static final int CLASSES = 100;
    private static final float UNTOUCHED = 77;

    /** Each image in every view, in a batch that is not full. */
    @ParameterizedTest
    @MethodSource
    void a_step_s_images_are_cropped_flipped_and_normalised_and_have_their_classes(ImageInput input)
            throws NoCardException {
        ImageSet shown = images(input.side());
        int pixels = shown.imageBytes();
        int batch = 200;
        int[] order = new int[batch + Views.COUNT];
        byte[] views = new byte[order.length];
        for (int i = 0; i < Views.COUNT; i++) {
            order[batch + i] = (5 * i) % shown.size();
            views[batch + i] = (byte) i;
        }
        Step step = step(input, batch, order, views, null);
        for (int i = 0; i < Views.COUNT; i++) {
            assertThat(Arrays.copyOfRange(step.images, i * pixels, (i + 1) * pixels))
                    .as("view %d", i)
                    .isEqualTo(seen(shown, input, order[batch + i], i));
            assertThat(step.classOf[i]).isEqualTo(shown.label(order[batch + i]));
        }
        assertThat(Arrays.copyOfRange(step.images, Views.COUNT * pixels, batch * pixels))
                .containsOnly(UNTOUCHED);
        assertThat(step.teacher).containsOnly(UNTOUCHED);
    }

    static Stream<ImageInput> a_step_s_images_are_cropped_flipped_and_normalised_and_have_their_classes() {
        return Stream.of(ImageInput.CIFAR, OWN);
    }

    @Test
    void the_teacher_s_logits_are_taken_in_the_epoch_s_order() throws NoCardException {
        float[] teacher = new float[6 * CLASSES];
        for (int i = 0; i < teacher.length; i++) {
            teacher[i] = i - 0.5f;
        }
        Step step = step(ImageInput.CIFAR, 3, new int[] {0, 0, 0, 11, 4, 7}, new byte[6], teacher);
        assertThat(step.teacher).isEqualTo(Arrays.copyOfRange(teacher, 3 * CLASSES, 6 * CLASSES));
    }

    @Test
    void those_of_a_page_by_image_to_the_last_bit_of_its_halves() throws NoCardException {
        short[] page = new short[OF_32.size() * CLASSES];
        for (int i = 0; i < page.length; i++) {
            // Small and large, of both signs, halves below the normal ones and zeros among them.
            page[i] = Half.of(i % 2 == 0 ? -i * 1e-7f * i : 0.37f * i);
        }
        int[] order = {0, 0, 0, 11, 4, 7};
        Step step = step(ImageInput.CIFAR, 3, order, new byte[6], page);
        for (int image = 0; image < 3; image++) {
            for (int k = 0; k < CLASSES; k++) {
                assertThat(step.teacher[image * CLASSES + k])
                        .isEqualTo(Half.toFloat(page[order[3 + image] * CLASSES + k]));
            }
        }
    }

    private record Step(float[] images, int[] classOf, float[] teacher) {}

    /** Step 1 of an epoch. */
    private static Step step(ImageInput input, int batch, int[] order, byte[] views, Object teacher)
            throws NoCardException {
        ImageSet shown = images(input.side());
        int ofImage = shown.imageBytes();
        byte[] labels = new byte[shown.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) shown.label(i);
        }
        ImageKernels.Tensors at = new ImageKernels.Tensors(
                Head.BYTES,
                Stored.FLOATS,
                Head.BYTES + batch * ofImage * 4L,
                Head.BYTES + batch * ofImage * 4L + batch * 4L);
        float[] untouched = new float[batch * (ofImage + 1 + CLASSES)];
        Arrays.fill(untouched, UNTOUCHED);
        try (CardFixture fixture = new CardFixture();
                ImageKernels kernels = new ImageKernels(fixture.card, fixture.stream);
                CardMemory pixels = fixture.of(shown.pixels());
                CardMemory classes = fixture.of(labels);
                CardMemory ofOrder = fixture.of(order);
                CardMemory ofViews = fixture.of(views);
                CardMemory ofTeacher = logits(fixture, teacher);
                CardMemory arena = fixture.card.allocate(Head.BYTES + untouched.length * 4L);
                Arenas arenas = new Arenas(fixture.card, fixture.stream, arena)) {
            Head.Epoch epoch = new Head.Epoch(
                    ofOrder.address(),
                    ofViews.address(),
                    new Head.Taught(
                            teacher instanceof float[] ? ofTeacher.address() : 0,
                            teacher instanceof short[] ? ofTeacher.address() : 0),
                    order.length,
                    batch,
                    1);
            Head head = new Head(
                    new Head.Images(pixels.address(), classes.address()),
                    epoch,
                    LossSettings.of(LossWeights.CROSS_ENTROPY),
                    new Head.Update(0, 0, 0));
            fixture.stream.upload(head.bytes(), arena, 0);
            fixture.stream.upload(untouched, arena, Head.BYTES);
            kernels.load(input.normalisation(), fixture.stream);
            kernels.launch(fixture.stream, arenas, at, input, batch, CLASSES);
            return new Step(
                    fixture.stream.floats(arena, at.images(), batch * ofImage),
                    fixture.stream.ints(arena, at.classOf(), batch),
                    fixture.stream.floats(arena, at.teacher(), batch * CLASSES));
        }
    }

    private static CardMemory logits(CardFixture fixture, Object teacher) {
        if (teacher instanceof short[] page) {
            CardMemory memory = fixture.card.allocate((long) page.length * Short.BYTES);
            fixture.stream.upload(page, memory, 0);
            return memory;
        }
        return fixture.of(teacher instanceof float[] logits ? logits : new float[1]);
    }

    /** Images like CIFAR's, or of another size. */
    private static ImageSet images(int side) {
        if (side == OF_32.side()) {
            return OF_32;
        }
        byte[] pixels = new byte[12 * ImageSet.bytesOf(side)];
        new Random(side).nextBytes(pixels);
        return new ImageSet(side, pixels, new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, new byte[12]);
    }

    private static float[] seen(ImageSet shown, ImageInput input, int index, int view) {
        float[][] normalised = input.normalisation().ofBytes();
        int side = input.side();
        float[] seen = new float[shown.imageBytes()];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int row = y + Views.down(view);
                int column = (Views.flip(view) ? side - 1 - x : x) + Views.right(view);
                boolean inside = row >= 0 && row < side && column >= 0 && column < side;
                for (int colour = 0; colour < 3; colour++) {
                    int at = index * seen.length + (colour * side + row) * side + column;
                    int value = inside ? Byte.toUnsignedInt(shown.pixels()[at]) : 0;
                    seen[(y * side + x) * 3 + colour] = normalised[colour][value];
                }
            }
        }
        return seen;
    }
}
