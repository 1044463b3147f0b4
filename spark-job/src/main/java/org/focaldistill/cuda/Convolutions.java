package org.focaldistill.cuda;

import org.focaldistill.net.FeatureShape;
import org.focaldistill.net.Operation.Convolution;

/** Launches {@code convolution.cu}: a convolution of one shape, on batches of one size. */
final class Convolutions {
    private static final int TILE_ROWS = 64;
    private static final int THREADS = 128;
    private static final int PIXELS_OF_PART = 2048;
    private static final int MOST_PARTS = 64;

    private final Convolution convolution;
    private final FeatureShape in;
    private final FeatureShape out;
    private final int batch;
    private final Numerics numerics;

    /** @param batch images of a step at most */
    Convolutions(Convolution convolution, FeatureShape in, FeatureShape out, int batch, Numerics numerics) {
        this.convolution = convolution;
        this.in = in;
        this.out = out;
        this.batch = batch;
        this.numerics = numerics;
    }

    /** How many tiles of pixels statistics are taken of. */
    static int tiles(int batch, FeatureShape shape) {
        return Work.blocks((long) batch * shape.height() * shape.width(), TILE_ROWS);
    }

    /** In how many parts the gradient of the weights is summed. */
    int parts() {
        int pixels = batch * out.height() * out.width();
        return Math.max(1, Math.min(MOST_PARTS, pixels / PIXELS_OF_PART));
    }

    /** How many weights there are. */
    int length() {
        return convolution.fanIn() * out.channels();
    }

    /** @param statistics offset of float {@code [tiles, channels, 2]}; {@link Reading#NONE} if nobody wants them */
    void forward(Work work, Reading input, long weights, long output, long statistics) {
        int columns = columns(out);
        work.launch(
                numerics.convolution() + "_" + columns,
                tiles(batch, out),
                tilesAcross(out, columns),
                THREADS,
                shape(work.arguments().read(input).at(weights, output, statistics)));
    }

    void inputGradient(Work work, Gradient gradient, long weights, long ofInput, boolean add) {
        int columns = columns(in);
        work.launch(
                numerics.convolution() + "_input_gradient_" + columns,
                tiles(batch, in),
                tilesAcross(in, columns),
                THREADS,
                shape(work.arguments()
                        .at(gradient.gradient(), gradient.output(), gradient.coefficients(), weights, ofInput)
                        .flag(add)));
    }

    /** @param parts offset of room for {@link #parts} times {@link #length} floats */
    void weightGradient(Work work, Reading input, Gradient gradient, long parts, long ofWeights) {
        int columns = columns(out);
        work.launch(
                numerics.convolution() + "_weight_gradient_" + columns,
                Work.blocks(convolution.fanIn(), TILE_ROWS),
                tilesAcross(out, columns) * parts(),
                THREADS,
                shape(work.arguments()
                        .read(input)
                        .at(gradient.gradient(), gradient.output(), gradient.coefficients(), parts)
                        .number(parts())));
        work.forEach(
                "sum_of_parts", length(), work.arguments().at(parts, ofWeights).number(parts(), length()));
    }

    /**
     * The gradient of a convolution's output.
     *
     * @param gradient offset of it, or of that of the norm behind
     * @param output offset of the output; read where there are coefficients
     * @param coefficients offset of the norm's; {@link Reading#NONE} where the gradient is the output's own
     */
    record Gradient(long gradient, long output, long coefficients) {}

    private Arguments shape(Arguments arguments) {
        return arguments.number(
                in.height(),
                in.width(),
                in.channels(),
                out.height(),
                out.width(),
                out.channels(),
                convolution.kernel(),
                convolution.stride(),
                convolution.padding(),
                convolution.groups());
    }

    private int ofGroup(FeatureShape shape) {
        return shape.channels() / convolution.groups();
    }

    private int columns(FeatureShape shape) {
        return ofGroup(shape) <= 16 ? 16 : ofGroup(shape) <= 32 ? 32 : 64;
    }

    private int tilesAcross(FeatureShape shape, int columns) {
        return Work.blocks(ofGroup(shape), columns) * convolution.groups();
    }
}
