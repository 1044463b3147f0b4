package org.focaldistill.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.focaldistill.loss.DistillationForm;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;

/**
 * The head of a student's arena: what kernels have to know of it beside its tensors. As {@code student.cuh} has it.
 *
 * @param images where its images are
 * @param epoch what it trains on in this epoch
 * @param loss its loss
 * @param update how its weights move
 */
record Head(Images images, Epoch epoch, LossSettings loss, Update update) {
    /** Its length in bytes. */
    static final int BYTES = 128;

    /** Where the next step, and whether the student stopped, lie one behind the other. */
    static final int STEP = 56;

    /**
     * Addresses of what students of one data set share.
     *
     * @param pixels uint8 {@code [images, 3, side, side]}
     * @param labels uint8 {@code [images]}
     */
    record Images(long pixels, long labels) {}

    /**
     * An epoch.
     *
     * @param order address of int32 {@code [images]}: which image comes when
     * @param views address of uint8 {@code [images]}: as what it is seen
     * @param teacher where the teacher's logits are
     * @param images how many it trains on
     * @param batchSize images of a step, but the last
     * @param step the next one, 0-based
     */
    record Epoch(long order, long views, Taught teacher, int images, int batchSize, int step) {}

    /**
     * A teacher's logits, in one of two ways or not at all.
     *
     * @param inOrder address of float {@code [images, classes]}, in the epoch's order; 0 if not so
     * @param page address of float16 {@code [images, classes]} of all images, by their index; 0 if not so
     */
    record Taught(long inOrder, long page) {
        static final Taught NOT = new Taught(0, 0);
    }

    /** The optimiser's numbers of an epoch. */
    record Update(double learningRate, double momentum, double weightDecay) {}

    /** As it lies on the card. */
    byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.nativeOrder());
        bytes.putLong(images.pixels).putLong(images.labels);
        bytes.putLong(epoch.order).putLong(epoch.views);
        bytes.putLong(epoch.teacher.inOrder).putLong(epoch.teacher.page);
        bytes.putInt(epoch.images).putInt(epoch.batchSize).putInt(epoch.step);
        bytes.putInt(0); // not stopped
        bytes.putFloat((float) loss.weights().alpha());
        bytes.putFloat((float) loss.weights().beta());
        bytes.putFloat((float) loss.weights().gamma());
        bytes.putFloat((float) loss.temperature());
        bytes.putFloat((float) loss.focalExponent());
        bytes.putInt(code(loss.focalForm()));
        bytes.putInt(code(loss.klDirection()));
        bytes.putFloat((float) update.learningRate);
        bytes.putFloat((float) update.momentum);
        bytes.putFloat((float) update.weightDecay);
        bytes.putFloat((float) loss.labelSmoothing());
        putDistillation(bytes);
        bytes.putFloat((float) loss.calibrationWeight());
        return bytes.array();
    }

    private void putDistillation(ByteBuffer bytes) {
        bytes.putInt(code(loss.distillation().form()));
        List<Double> parameters = List.copyOf(loss.distillation().parameters().values());
        if (parameters.size() > 2) {
            throw new IllegalStateException("A head has room for two parameters, not for " + parameters);
        }
        for (int i = 0; i < 2; i++) {
            bytes.putFloat(i < parameters.size() ? parameters.get(i).floatValue() : 0);
        }
    }

    private static int code(DistillationForm form) {
        return switch (form) {
            case KL -> 0;
            case JENSEN_SHANNON -> 1;
            case MSE_LOGITS -> 2;
            case STANDARDISED_KL -> 3;
            case DKD -> 4;
            case DIST -> 5;
            case NKD -> 6;
            case FOCAL_KL -> 7;
        };
    }

    private static int code(FocalForm form) {
        return switch (form) {
            case FIXED -> 0;
            case FLSD53 -> 1;
            case ENTROPY_BOUND -> 2;
            case LOST_MINUS -> 3;
            case DUAL -> 4;
        };
    }

    private static int code(KlDirection direction) {
        return switch (direction) {
            case TEACHER_STUDENT -> 0;
            case STUDENT_TEACHER -> 1;
        };
    }
}
