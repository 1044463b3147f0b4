package org.focaldistill.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ImageSet;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.Network;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.Test;

class CardNeedsTest {
    private static final int BATCH = 8;
    private static final int OF_EPOCH = 16;

    @Test
    void a_student_and_its_images_take_what_was_said_of_them() throws NoCardException {
        ImageSet images = GeneratedImages.generate(20, 1, 3).train();
        Network network = Architecture.RESNET20.network(100);
        long said = CardNeeds.ofStudent(network, BATCH, OF_EPOCH, "fp32") + CardNeeds.ofImages(32, images.size());
        try (CardFixture fixture = new CardFixture();
                StepKernels kernels = new StepKernels(fixture.card, fixture.stream);
                CardImages onCard = new CardImages(fixture.card)) {
            long before = fixture.card.freeMemory();
            Program program = Program.training(network, BATCH, OF_EPOCH / BATCH, Numerics.FP32);
            LossSettings loss = LossSettings.of(LossWeights.CROSS_ENTROPY);
            Head.Update update = new Head.Update(1, 0, 0);
            float[] ofTeacher = new float[OF_EPOCH * 100];
            try (Arena arena =
                    new Arena(fixture.card, kernels, onCard, program, OF_EPOCH, ofTeacher.length * 4L, () -> {})) {
                arena.give(images, new int[OF_EPOCH], index -> 0, arena.teach(ofTeacher), loss, update);
                // Beside it there is the table of arenas.
                assertThat(before - fixture.card.freeMemory()).isBetween(said, said + 64);
            }
        }
    }
}
