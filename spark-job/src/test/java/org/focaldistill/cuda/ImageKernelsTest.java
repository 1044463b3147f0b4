package org.focaldistill.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.focaldistill.cuda.driver.CardMemory;
import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.Views;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.Normalisation;
import org.junit.jupiter.api.Test;

class ImageKernelsTest {
    private static final ImageSet IMAGES = GeneratedImages.generate(12, 1, 3).train();
    private static final int CLASSES = 100;
    private static final int PIXELS = 32 * 32 * 3;
    private static final float UNTOUCHED = 77;

    /** Each image in every view, in a batch that is not full. */
    @Test
    void a_step_s_images_are_cropped_flipped_and_normalised_and_have_their_classes() throws NoCardException {
        int batch = 200;
        int[] order = new int[batch + Views.COUNT];
        byte[] views = new byte[order.length];
        for (int i = 0; i < Views.COUNT; i++) {
            order[batch + i] = (5 * i) % IMAGES.size();
            views[batch + i] = (byte) i;
        }
        Step step = step(batch, order, views, null);
        for (int i = 0; i < Views.COUNT; i++) {
            assertThat(Arrays.copyOfRange(step.images, i * PIXELS, (i + 1) * PIXELS))
                    .as("view %d", i)
                    .isEqualTo(seen(order[batch + i], i));
            assertThat(step.classOf[i]).isEqualTo(IMAGES.label(order[batch + i]));
        }
        assertThat(Arrays.copyOfRange(step.images, Views.COUNT * PIXELS, batch * PIXELS))
                .containsOnly(UNTOUCHED);
        assertThat(step.teacher).containsOnly(UNTOUCHED);
    }

    @Test
    void the_teacher_s_logits_are_taken_in_the_epoch_s_order() throws NoCardException {
        float[] teacher = new float[6 * CLASSES];
        for (int i = 0; i < teacher.length; i++) {
            teacher[i] = i - 0.5f;
        }
        Step step = step(3, new int[] {0, 0, 0, 11, 4, 7}, new byte[6], teacher);
        assertThat(step.teacher).isEqualTo(Arrays.copyOfRange(teacher, 3 * CLASSES, 6 * CLASSES));
    }

    private record Step(float[] images, int[] classOf, float[] teacher) {}

    /** Step 1 of an epoch. */
    private static Step step(int batch, int[] order, byte[] views, float[] teacher) throws NoCardException {
        byte[] labels = new byte[IMAGES.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) IMAGES.label(i);
        }
        ImageKernels.Tensors at = new ImageKernels.Tensors(
                Head.BYTES, Head.BYTES + batch * PIXELS * 4L, Head.BYTES + batch * PIXELS * 4L + batch * 4L);
        float[] untouched = new float[batch * (PIXELS + 1 + CLASSES)];
        Arrays.fill(untouched, UNTOUCHED);
        try (CardFixture fixture = new CardFixture();
                ImageKernels kernels = new ImageKernels(fixture.card, fixture.stream);
                CardMemory pixels = fixture.of(IMAGES.pixels());
                CardMemory classes = fixture.of(labels);
                CardMemory ofOrder = fixture.of(order);
                CardMemory ofViews = fixture.of(views);
                CardMemory ofTeacher = fixture.of(teacher == null ? new float[1] : teacher);
                CardMemory arena = fixture.card.allocate(Head.BYTES + untouched.length * 4L);
                Arenas arenas = new Arenas(fixture.card, fixture.stream, arena)) {
            Head.Epoch epoch = new Head.Epoch(
                    ofOrder.address(),
                    ofViews.address(),
                    teacher == null ? 0 : ofTeacher.address(),
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
            kernels.launch(fixture.stream, arenas, at, batch, CLASSES);
            return new Step(
                    fixture.stream.floats(arena, at.images(), batch * PIXELS),
                    fixture.stream.ints(arena, at.classOf(), batch),
                    fixture.stream.floats(arena, at.teacher(), batch * CLASSES));
        }
    }

    private static float[] seen(int index, int view) {
        float[][] normalised = Normalisation.ofBytes();
        float[] seen = new float[PIXELS];
        for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 32; x++) {
                int row = y + Views.down(view);
                int column = (Views.flip(view) ? 31 - x : x) + Views.right(view);
                boolean inside = row >= 0 && row < 32 && column >= 0 && column < 32;
                for (int colour = 0; colour < 3; colour++) {
                    int at = index * PIXELS + colour * 1024 + row * 32 + column;
                    int value = inside ? Byte.toUnsignedInt(IMAGES.pixels()[at]) : 0;
                    seen[(y * 32 + x) * 3 + colour] = normalised[colour][value];
                }
            }
        }
        return seen;
    }
}
