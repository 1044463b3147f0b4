package org.focaldistill.data.own;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.InvalidDataException;

/**
 * An image in memory: all red, all green, all blue, each row by row, in bytes.
 *
 * @param width columns
 * @param height rows
 * @param pixels {@code 3 * height * width} unsigned bytes, not copied
 */
@SuppressWarnings("ArrayRecordComponent")
record Picture(int width, int height, byte[] pixels) {
    /** What fits memory many times. */
    private static final long MOST_PIXELS = 100_000_000;

    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G'};
    private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};
    /**
     * Warnings of a file whose rest would be grey, or other than it was. Bytes too many lose nothing, and many a camera leaves
     * some.
     */
    private static final Pattern DAMAGE =
            Pattern.compile("(?i)premature|truncated|missing eoi|corrupt(?!.*extraneous)");

    private static final int LARGEST = 255;
    private static final int RGB = 3;
    private static final String OTHER_COLOURS = "its colours are neither RGB nor grey (CMYK?); save it as RGB";

    /**
     * Reads a PNG or JPEG file. Grey has one value for all colours, palettes are looked up, samples of more than 8 bits are
     * scaled to 8, and alpha is left out, as PyTorch's {@code ImageFolder} has it. Colour profiles and the orientation that a
     * camera noted are not applied.
     *
     * @throws InvalidDataException if it is no such file or damaged; the message says what is wrong with "it"
     */
    static Picture read(byte[] file) throws InvalidDataException {
        if (file.length == 0) {
            throw new InvalidDataException("it is empty");
        }
        if (!begins(file, PNG) && !begins(file, JPEG)) {
            throw new InvalidDataException("it is no PNG or JPEG");
        }
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new InvalidDataException("it is no PNG or JPEG that can be read");
            }
            return read(readers.next(), stream, begins(file, PNG) ? RGB + 1 : RGB);
        } catch (InvalidDataException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // damaged files end in either
            throw new InvalidDataException(reason(e), e);
        }
    }

    private static String reason(Exception error) {
        String said = String.valueOf(error.getMessage());
        return said.contains("Unsupported Image Type")
                ? OTHER_COLOURS
                : "it can not be decoded: " + (error instanceof IOException ? said : error);
    }

    private static boolean begins(byte[] file, byte[] with) {
        return file.length >= with.length && Arrays.equals(file, 0, with.length, with, 0, with.length);
    }

    /** @param mostBands samples of a pixel: a JPEG has no alpha, and four are cyan, magenta, yellow and black */
    private static Picture read(ImageReader reader, ImageInputStream stream, int mostBands) throws IOException {
        String[] damage = {""};
        try {
            reader.setInput(stream, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > MOST_PIXELS) {
                throw new InvalidDataException(
                        String.format(Locale.ROOT, "it has %,d pixels, more than %,d", pixels, MOST_PIXELS));
            }
            reader.addIIOReadWarningListener((source, warning) -> {
                if (DAMAGE.matcher(warning).find()) {
                    damage[0] = warning;
                }
            });
            BufferedImage image = reader.read(0);
            if (!damage[0].isEmpty()) {
                throw new InvalidDataException("it is damaged: " + damage[0]);
            }
            if (image.getRaster().getNumBands() > mostBands) {
                throw new InvalidDataException(OTHER_COLOURS);
            }
            return of(image);
        } finally {
            reader.dispose();
        }
    }

    private static Picture of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        boolean palette = image.getColorModel() instanceof IndexColorModel;
        byte[] pixels = new byte[ImageSet.CHANNELS * width * height];
        int[][] row = new int[ImageSet.CHANNELS][width];
        for (int y = 0; y < height; y++) {
            if (palette) {
                lookUp(image, y, row);
            } else {
                take(image.getRaster(), y, row);
            }
            for (int colour = 0; colour < ImageSet.CHANNELS; colour++) {
                int at = (colour * height + y) * width;
                for (int x = 0; x < width; x++) {
                    pixels[at + x] = (byte) row[colour][x];
                }
            }
        }
        return new Picture(width, height, pixels);
    }

    private static void lookUp(BufferedImage image, int y, int[][] row) {
        for (int x = 0; x < image.getWidth(); x++) {
            int rgb = image.getRGB(x, y);
            for (int colour = 0; colour < row.length; colour++) {
                row[colour][x] = rgb >> 8 * (row.length - 1 - colour);
            }
        }
    }

    /** The samples as they are: Java's own conversion takes grey for linear light, which makes it brighter. */
    private static void take(Raster raster, int y, int[][] row) {
        for (int colour = 0; colour < row.length; colour++) {
            int band = raster.getNumBands() < RGB ? 0 : colour;
            long largest = (1L << raster.getSampleModel().getSampleSize(band)) - 1;
            raster.getSamples(0, y, raster.getWidth(), 1, band, row[colour]);
            for (int x = 0; x < row[colour].length; x++) {
                row[colour][x] = (int) ((row[colour][x] * (long) LARGEST + largest / 2) / largest);
            }
        }
    }

    /** The largest square in its middle. */
    Picture centre() {
        int side = Math.min(width, height);
        int left = (width - side) / 2;
        int top = (height - side) / 2;
        byte[] square = new byte[ImageSet.CHANNELS * side * side];
        for (int row = 0; row < ImageSet.CHANNELS * side; row++) {
            int from = (row / side * height + top + row % side) * width + left;
            System.arraycopy(pixels, from, square, row * side, side);
        }
        return new Picture(side, side, square);
    }
}
