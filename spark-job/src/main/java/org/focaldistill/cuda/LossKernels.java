package org.focaldistill.cuda;

import org.focaldistill.cuda.driver.Card;
import org.focaldistill.cuda.driver.CardStream;
import org.focaldistill.cuda.driver.Kernel;
import org.focaldistill.cuda.driver.Kernels;
import org.focaldistill.cuda.driver.Ptx;

/** The loss of a step and its gradient, {@code loss.cu}; {@link org.focaldistill.loss.DistillationLoss} in floats. */
final class LossKernels implements AutoCloseable {
    private static final int ROWS_PER_BLOCK = 4;
    private static final int WARP = 32;
    /** Of an image. */
    static final int COMPONENTS = 6;
    /** Floats of an image's sums, and of what the batch says of a class. */
    static final int SUMS = 6;

    private final Kernels kernels;
    private final Kernel sums;
    private final Kernel ofClasses;
    private final Kernel rows;
    private final Kernel means;

    /**
     * Where a program's students have the tensors of the loss: offsets in an arena, in bytes.
     *
     * @param logits float {@code [batch, classes]}
     * @param teacher float {@code [batch, classes]}; the teacher's logits
     * @param classOf int32 {@code [batch]}; the true classes
     * @param gradient float {@code [batch, classes]}; written
     * @param sums {@code [batch, 6]} floats, written where the loss needs the whole batch
     * @param ofClasses {@code [classes, 6]} floats, written there too
     * @param components float {@code [batch, 6]}; those of {@code LossComponents}, of each image, written
     * @param log float {@code [steps, 7]}; the means of each step, written, and room for its gradient's norm
     */
    record Tensors(
            long logits,
            long teacher,
            long classOf,
            long gradient,
            long sums,
            long ofClasses,
            long components,
            long log) {}

    LossKernels(Card card) {
        kernels = card.load(Ptx.resource(LossKernels.class, "loss.ptx"));
        sums = kernels.kernel("loss_sums");
        ofClasses = kernels.kernel("loss_classes");
        rows = kernels.kernel("loss_rows");
        means = kernels.kernel("loss_means");
    }

    /**
     * Computes the loss of the step at hand.
     *
     * @param batch images of a step at most
     */
    void launch(CardStream stream, Arenas students, Tensors at, int batch, int classes) {
        Kernel.Grid perImage = new Kernel.Grid(blocks(batch), students.count(), 1);
        Kernel.Grid perClass = new Kernel.Grid(blocks(classes), students.count(), 1);
        int threads = ROWS_PER_BLOCK * WARP;
        stream.launch(sums, perImage, threads, students.address(), at.logits, at.teacher, at.sums, classes);
        stream.launch(
                ofClasses,
                perClass,
                threads,
                students.address(),
                at.logits,
                at.teacher,
                at.classOf,
                at.sums,
                at.ofClasses,
                classes);
        stream.launch(
                rows,
                perImage,
                threads,
                students.address(),
                at.logits,
                at.teacher,
                at.classOf,
                at.gradient,
                at.ofClasses,
                at.components,
                classes);
        stream.launch(means, new Kernel.Grid(1, students.count(), 1), WARP, students.address(), at.components, at.log);
    }

    private static int blocks(int rows) {
        return (rows + ROWS_PER_BLOCK - 1) / ROWS_PER_BLOCK;
    }

    @Override
    public void close() {
        kernels.close();
    }
}
