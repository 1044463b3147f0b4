package org.focaldistill.cuda;

import org.focaldistill.cuda.driver.Card;
import org.focaldistill.cuda.driver.CardStream;
import org.focaldistill.cuda.driver.Kernel;
import org.focaldistill.cuda.driver.Kernels;
import org.focaldistill.cuda.driver.Ptx;

/** The loss of a step and its gradient, {@code loss.cu}; {@link org.focaldistill.loss.DistillationLoss} in floats. */
final class LossKernels implements AutoCloseable {
    private static final int IMAGES_PER_BLOCK = 4;
    private static final int WARP = 32;

    private final Kernels kernels;
    /** Of an image. */
    static final int COMPONENTS = 4;

    private final Kernel rows;
    private final Kernel means;

    /**
     * Where a program's students have the tensors of the loss: offsets in an arena, in bytes.
     *
     * @param logits float {@code [batch, classes]}
     * @param teacher float {@code [batch, classes]}; the teacher's logits
     * @param classOf int32 {@code [batch]}; the true classes
     * @param gradient float {@code [batch, classes]}; written
     * @param components float {@code [batch, 4]}; KL times T^2, CE, focal and uniform CE of each image, written
     * @param log float {@code [steps, 5]}; the means of each step, written, and room for its gradient's norm
     */
    record Tensors(long logits, long teacher, long classOf, long gradient, long components, long log) {}

    LossKernels(Card card) {
        kernels = card.load(Ptx.resource(LossKernels.class, "loss.ptx"));
        rows = kernels.kernel("loss_rows");
        means = kernels.kernel("loss_means");
    }

    /**
     * Computes the loss of the step at hand.
     *
     * @param batch images of a step at most
     */
    void launch(CardStream stream, Arenas students, Tensors at, int batch, int classes) {
        int blocks = (batch + IMAGES_PER_BLOCK - 1) / IMAGES_PER_BLOCK;
        stream.launch(
                rows,
                new Kernel.Grid(blocks, students.count(), 1),
                IMAGES_PER_BLOCK * WARP,
                students.address(),
                at.logits,
                at.teacher,
                at.classOf,
                at.gradient,
                at.components,
                classes);
        stream.launch(means, new Kernel.Grid(1, students.count(), 1), WARP, students.address(), at.components, at.log);
    }

    @Override
    public void close() {
        kernels.close();
    }
}
