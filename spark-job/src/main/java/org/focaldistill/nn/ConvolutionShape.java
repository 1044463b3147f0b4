package org.focaldistill.nn;

import org.focaldistill.net.Operation.Convolution;
import org.focaldistill.net.Window;

/**
 * A convolution of a fixed size, with equal padding on all sides and no bias.
 *
 * @param input the input activation
 * @param outChannels output channels
 * @param kernel height and width of the window
 * @param stride step of the window
 * @param padding zeros on each side
 * @param groups equal parts of the channels that do not see each other
 * @param outRowLength of the output, see {@link ActivationShape}
 * @param outPlanes of the output; 1, or of a 1 x 1 convolution as many as it has groups
 */
public record ConvolutionShape(
        ActivationShape input,
        long outChannels,
        int kernel,
        int stride,
        int padding,
        int groups,
        long outRowLength,
        int outPlanes) {

    public ConvolutionShape {
        requirePlanesOfGroups(input.planes(), kernel, stride, padding, groups);
        requirePlanesOfGroups(outPlanes, kernel, stride, padding, groups);
    }

    private static void requirePlanesOfGroups(int planes, int kernel, int stride, int padding, int groups) {
        if (planes > 1 && (planes != groups || kernel != 1 || stride != 1 || padding != 0)) {
            throw new IllegalArgumentException(
                    "A convolution " + kernel + " x " + kernel + " with stride " + stride + " and padding " + padding
                            + " in " + groups + " groups takes and makes no activations in " + planes + " planes");
        }
    }

    /** With an output that has nothing between its pixels. */
    public ConvolutionShape(ActivationShape input, long outChannels, int kernel, int stride, int padding, int groups) {
        this(input, outChannels, kernel, stride, padding, groups, outChannels, 1);
    }

    /** An operation on an input of that shape, with an output that has nothing between its pixels. */
    public static ConvolutionShape of(ActivationShape input, Convolution operation) {
        return new ConvolutionShape(
                input,
                operation.outChannels(),
                operation.kernel(),
                operation.stride(),
                operation.padding(),
                operation.groups());
    }

    public ConvolutionShape withOutRowLength(long length) {
        return withOutPlanes(1, length);
    }

    /** With an output in planes, of rows of that length. */
    public ConvolutionShape withOutPlanes(int planes, long length) {
        return new ConvolutionShape(input, outChannels, kernel, stride, padding, groups, length, planes);
    }

    public ActivationShape output() {
        Window window = new Window(kernel, stride, padding);
        return new ActivationShape(
                input.batch(),
                window.positions(input.height()),
                window.positions(input.width()),
                outChannels,
                outRowLength,
                outPlanes);
    }

    /** {@code [out, in / groups, kernel, kernel]}. */
    public long[] weights() {
        return new long[] {outChannels, input.channels() / groups, kernel, kernel};
    }

    /** The same memory with the groups as a dimension: {@code [groups, out / groups, in / groups, kernel, kernel]}. */
    public long[] groupedWeights() {
        return new long[] {groups, outChannels / groups, input.channels() / groups, kernel, kernel};
    }

    public boolean isDepthwise() {
        return groups > 1 && groups == input.channels() && groups == outChannels;
    }

    public boolean isDense() {
        return input.isDense() && output().isDense();
    }

    /**
     * A depthwise convolution that also takes what is behind the channels for such, which changes nothing in the real
     * ones; any other convolution as it is, since it would mix what means nothing into its sums.
     */
    public ConvolutionShape wholeRows() {
        if (!isDepthwise() || input.rowLength() != outRowLength) {
            return this;
        }
        int all = Math.toIntExact(outRowLength);
        return new ConvolutionShape(input.wholeRows(), all, kernel, stride, padding, all);
    }
}
