package org.focaldistill.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.focaldistill.cuda.driver.CardMemory;
import org.focaldistill.cuda.driver.Kernel;
import org.focaldistill.cuda.driver.Kernels;
import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.cuda.driver.Ptx;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.DistillationForm;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.junit.jupiter.api.Test;

class HeadTest {
    private static final int PARTS = 25;

    @Test
    void kernels_find_each_part_where_java_writes_it() throws NoCardException {
        int[] offsets = offsets();
        assertThat(offsets[PARTS]).isEqualTo(Head.BYTES);

        LossSettings loss = new LossSettings(
                        new LossWeights(11, 12, 13), 14, KlDirection.STUDENT_TEACHER, FocalForm.LOST_MINUS, 15)
                .withLabelSmoothing(0.25)
                .withCalibrationWeight(0.75)
                .withDistillation(new Distillation(DistillationForm.DKD, Map.of("alpha", 20.0, "beta", 21.0), 0, 0));
        Head.Epoch epoch = new Head.Epoch(3, 4, new Head.Taught(5, 6), 7, 8, 9);
        Head head = new Head(new Head.Images(1, 2), epoch, loss, new Head.Update(16, 17, 18));
        ByteBuffer bytes = ByteBuffer.wrap(head.bytes()).order(ByteOrder.nativeOrder());
        for (int part = 0; part < 6; part++) {
            assertThat(bytes.getLong(offsets[part])).isEqualTo(part + 1);
        }
        for (int part = 6; part < 9; part++) {
            assertThat(bytes.getInt(offsets[part])).isEqualTo(part + 1);
        }
        assertThat(bytes.getInt(offsets[9])).as("stopped").isZero();
        for (int part = 10; part < 15; part++) {
            assertThat(bytes.getFloat(offsets[part])).isEqualTo(part + 1);
        }
        assertThat(bytes.getInt(offsets[15])).as("form").isEqualTo(3);
        assertThat(bytes.getInt(offsets[16])).as("direction").isEqualTo(1);
        assertThat(offsets[8]).isEqualTo(Head.STEP);
        assertThat(offsets[9]).isEqualTo(Head.STEP + Integer.BYTES);
        for (int part = 17; part < 20; part++) {
            assertThat(bytes.getFloat(offsets[part])).isEqualTo(part - 1);
        }
        assertThat(bytes.getFloat(offsets[20])).as("label smoothing").isEqualTo(0.25f);
        assertThat(bytes.getInt(offsets[21])).as("distillation").isEqualTo(4);
        assertThat(bytes.getFloat(offsets[22])).isEqualTo(20);
        assertThat(bytes.getFloat(offsets[23])).isEqualTo(21);
        assertThat(bytes.getFloat(offsets[24])).as("calibration weight").isEqualTo(0.75f);
    }

    private static int[] offsets() throws NoCardException {
        try (CardFixture fixture = new CardFixture();
                Kernels kernels = fixture.card.load(Ptx.resource(Head.class, "images.ptx"));
                CardMemory offsets = fixture.of(new int[PARTS + 1])) {
            fixture.stream.launch(kernels.kernel("head_offsets"), new Kernel.Grid(1, 1, 1), 1, offsets.address());
            return fixture.stream.ints(offsets, 0, PARTS + 1);
        }
    }
}
