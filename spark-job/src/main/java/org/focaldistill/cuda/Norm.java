package org.focaldistill.cuda;

import org.focaldistill.net.Node;
import org.focaldistill.net.Operation.BatchNormalisation;

/** A batch norm: where its numbers lie in an arena, and its kernels, {@code norm.cu}. */
final class Norm {
    private static final int WARPS_OF_BLOCK = 4;
    private static final int WARP = 32;
    private static final int CHANNELS_OF_BLOCK = 128;

    private final Reading input;
    private final TensorTable tensors;
    private final String name;
    private final boolean relu;
    private final int batch;

    /** {@code [tiles, channels, 2]}: of the batch, and later of the gradient. */
    private final long sums;

    private final long scale;
    private final long shift;
    private final long mean;
    private final long inverse;
    private final long coefficients;

    /** @param input what it normalises, as it is */
    Norm(Node node, Reading input, int batch, TensorTable tensors, ArenaLayout layout) {
        this.input = input;
        this.tensors = tensors;
        this.batch = batch;
        name = node.name();
        relu = ((BatchNormalisation) node.operation()).relu();
        int channels = input.channels();
        sums = layout.floats(2L * channels * Convolutions.tiles(batch, input.shape()));
        scale = layout.floats(channels);
        shift = layout.floats(channels);
        mean = layout.floats(channels);
        inverse = layout.floats(channels);
        coefficients = layout.floats(3L * channels);
    }

    /** Where the statistics of its input's tiles are to be. */
    long statistics() {
        return sums;
    }

    /** How its readers read it. */
    Reading reading() {
        return new Reading(input.values(), input.stored(), scale, shift, relu, input.shape());
    }

    /** The gradient of its input. */
    Convolutions.Gradient gradient(long ofOutput) {
        return new Convolutions.Gradient(ofOutput, input.values(), coefficients);
    }

    /** Takes the statistics of an input that no convolution wrote. */
    void takeStatistics(Work work) {
        launchTiles(work, "norm_statistics", work.arguments().at(input.values(), sums));
    }

    void ofBatch(Work work) {
        Arguments arguments = work.arguments()
                .at(sums, tensor("weight"), tensor("bias"), tensor("running_mean"), tensor("running_var"))
                .at(scale, shift, mean, inverse)
                .number(input.pixels(), input.channels());
        work.launch("norm_of_batch", Work.blocks(input.channels(), WARPS_OF_BLOCK), WARPS_OF_BLOCK * WARP, arguments);
    }

    void ofRunning(Work work) {
        Arguments arguments = work.arguments()
                .at(tensor("weight"), tensor("bias"), tensor("running_mean"), tensor("running_var"))
                .at(scale, shift)
                .number(input.channels());
        work.launch("norm_of_running", Work.blocks(input.channels(), CHANNELS_OF_BLOCK), CHANNELS_OF_BLOCK, arguments);
    }

    /** From the gradient of its output, which is taken back through the ReLU in place. */
    void backward(Work work, long ofOutput) {
        launchTiles(
                work,
                "norm_gradient_sums",
                work.arguments()
                        .at(ofOutput, input.values(), scale, shift)
                        .flag(relu)
                        .at(mean, inverse, sums));
        Arguments arguments = work.arguments()
                .at(sums, tensor("weight"), mean, inverse)
                .at(tensors.gradientOf(name + ".weight"), tensors.gradientOf(name + ".bias"), coefficients)
                .number(input.pixels(), input.channels());
        work.launch("norm_gradient", Work.blocks(input.channels(), WARPS_OF_BLOCK), WARPS_OF_BLOCK * WARP, arguments);
    }

    /** The gradient of its input, stored. */
    void inputGradient(Work work, long ofOutput, long ofInput, boolean add) {
        work.forEach(
                input.stored().kernel("norm_input_gradient"),
                (long) batch * input.size(),
                work.arguments()
                        .at(ofOutput, input.values(), coefficients, ofInput)
                        .flag(add)
                        .number(input.pixels(), input.channels()));
    }

    private void launchTiles(Work work, String kernel, Arguments arguments) {
        work.launch(
                input.stored().kernel(kernel),
                Convolutions.tiles(batch, input.shape()),
                Work.blocks(input.channels(), CHANNELS_OF_BLOCK),
                CHANNELS_OF_BLOCK,
                arguments.number(input.pixels(), input.channels()));
    }

    private long tensor(String last) {
        return tensors.of(name + "." + last);
    }
}
