package org.focaldistill.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.focaldistill.net.Network;

/**
 * A network compiled for a card: where everything lies in a student's arena, and the launches of a step in training and in
 * evaluation. It knows nothing of a student, so students of one network and batch size share it.
 */
final class Program {
    private static final int SQUARES_OF_BLOCK = 1024;
    private static final int WARP = 32;
    /** Numbers of a step in the log: the loss's components and the gradient's norm. As {@code student.cuh} has it. */
    static final int LOGGED = LossKernels.COMPONENTS + 1;

    private final Network network;
    private final int batch;
    private final Numerics numerics;
    private final int classes;
    private final TensorTable tensors;
    private final ForwardPass forward;
    private final LossKernels.Tensors loss;
    private final ImageKernels.Tensors images;
    private final long squares;
    private final List<Consumer<Work>> training = new ArrayList<>();
    private final long size;

    private Program(Network network, int batch, int steps, Numerics numerics, boolean trains) {
        this.network = network;
        this.batch = batch;
        this.numerics = numerics;
        classes = network.classes();
        ArenaLayout layout = new ArenaLayout();
        tensors = new TensorTable(network, layout);
        forward = new ForwardPass(network, batch, numerics, tensors, layout);
        long classOf = layout.floats(batch);
        long teacher = layout.floats((long) batch * classes);
        Reading input = forward.reading(network.input());
        images = new ImageKernels.Tensors(input.values(), input.stored(), classOf, teacher);
        loss = new LossKernels.Tensors(
                forward.logits().values(),
                teacher,
                classOf,
                layout.floats((long) batch * classes),
                layout.floats((long) batch * LossKernels.SUMS),
                layout.floats((long) classes * LossKernels.SUMS),
                layout.floats((long) batch * LossKernels.COMPONENTS),
                layout.floats((long) steps * LOGGED));
        squares = layout.bytes((long) Double.BYTES * squaresBlocks());
        if (trains) {
            compileStep(new BackwardPass(network, forward, batch, tensors, layout, loss.gradient()));
        }
        size = layout.size();
    }

    /**
     * A program to train with.
     *
     * @param batch images of a step
     * @param steps of an epoch
     */
    static Program training(Network network, int batch, int steps, Numerics numerics) {
        return new Program(network, batch, steps, numerics, true);
    }

    /**
     * A program to classify with.
     *
     * @param batch images at a time
     */
    static Program evaluation(Network network, int batch, Numerics numerics) {
        return new Program(network, batch, 1, numerics, false);
    }

    private int squaresBlocks() {
        return Work.blocks(tensors.length(), SQUARES_OF_BLOCK);
    }

    private void compileStep(BackwardPass backward) {
        training.add(this::takeImages);
        training.addAll(forward.training());
        training.add(work -> work.kernels().loss().launch(work.stream(), work.students(), loss, batch, classes));
        training.addAll(backward.launches());
        training.add(work -> work.launch(
                "squares",
                squaresBlocks(),
                WARP,
                work.arguments().at(tensors.gradients(), squares).number(tensors.length())));
        training.add(work -> work.launch(
                "look",
                1,
                WARP,
                work.arguments().at(squares).number(squaresBlocks()).at(loss.log())));
        training.add(work -> work.forEach(
                "update",
                tensors.length(),
                work.arguments()
                        .at(tensors.weights(), tensors.gradients(), tensors.velocities())
                        .number(tensors.length())));
        training.add(Program::stepMade);
    }

    private void takeImages(Work work) {
        work.kernels().images().launch(work.stream(), work.students(), images, network.imageInput(), batch, classes);
    }

    /** Makes the step at hand. */
    void train(Work work) {
        training.forEach(launch -> launch.accept(work));
    }

    /** Computes the logits of the step at hand, with running statistics, and goes on to the next. */
    void evaluate(Work work) {
        takeImages(work);
        forward.evaluation().forEach(launch -> launch.accept(work));
        stepMade(work);
    }

    private static void stepMade(Work work) {
        work.launch("step_made", 1, 1, work.arguments());
    }

    /** What it is compiled from. */
    Network network() {
        return network;
    }

    /** Images of a step at most. */
    int batch() {
        return batch;
    }

    /** The numbers of its products. */
    Numerics numerics() {
        return numerics;
    }

    TensorTable tensors() {
        return tensors;
    }

    /** The offset of the logits, float {@code [batch, classes]}. */
    long logits() {
        return forward.logits().values();
    }

    /** The offset of the log, float {@code [steps, LOGGED]}. */
    long log() {
        return loss.log();
    }

    /** Bytes of a student's arena. */
    long size() {
        return size;
    }
}
