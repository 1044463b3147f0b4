package org.focaldistill.data.own;

import org.focaldistill.data.ImageSet;

/**
 * Scales images with a triangle for a filter, as wide as what becomes of two pixels: bilinear where they get larger, and
 * without aliasing where they get smaller, as Pillow's BILINEAR.
 */
final class Resampling {
    private Resampling() {}

    /** The image scaled to so many rows and columns. */
    static Picture scaled(Picture from, int side) {
        Weights across = new Weights(from.width(), side);
        Weights down = new Weights(from.height(), side);
        byte[] pixels = new byte[ImageSet.CHANNELS * side * side];
        for (int colour = 0; colour < ImageSet.CHANNELS; colour++) {
            double[] narrow = across(from, colour * from.height() * from.width(), across);
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    double sum = 0;
                    for (int i = 0; i < down.of[y].length; i++) {
                        sum += down.of[y][i] * narrow[(down.first[y] + i) * side + x];
                    }
                    pixels[(colour * side + y) * side + x] = (byte) Math.round(sum);
                }
            }
        }
        return new Picture(side, side, pixels);
    }

    /** A colour's rows, each scaled. */
    private static double[] across(Picture from, int plane, Weights weights) {
        int side = weights.first.length;
        double[] narrow = new double[from.height() * side];
        for (int y = 0; y < from.height(); y++) {
            int row = plane + y * from.width();
            for (int x = 0; x < side; x++) {
                double sum = 0;
                for (int i = 0; i < weights.of[x].length; i++) {
                    sum += weights.of[x][i] * Byte.toUnsignedInt(from.pixels()[row + weights.first[x] + i]);
                }
                narrow[y * side + x] = sum;
            }
        }
        return narrow;
    }

    /** What each pixel of a scaled row takes of which pixels; sums are 1. */
    private static final class Weights {
        private final int[] first;
        private final double[][] of;

        Weights(int from, int to) {
            first = new int[to];
            of = new double[to][];
            double step = (double) from / to;
            double reach = Math.max(1, step);
            for (int i = 0; i < to; i++) {
                double centre = (i + 0.5) * step;
                int begin = Math.max(0, (int) Math.floor(centre - reach + 0.5));
                int end = Math.min(from, (int) Math.floor(centre + reach + 0.5));
                double[] weights = new double[end - begin];
                double sum = 0;
                for (int k = 0; k < weights.length; k++) {
                    weights[k] = Math.max(0, 1 - Math.abs(begin + k + 0.5 - centre) / reach);
                    sum += weights[k];
                }
                for (int k = 0; k < weights.length; k++) {
                    weights[k] /= sum;
                }
                first[i] = begin;
                of[i] = weights;
            }
        }
    }
}
