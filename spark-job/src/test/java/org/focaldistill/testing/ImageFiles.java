package org.focaldistill.testing;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Files of small images, as a user has them. */
public final class ImageFiles {
    private ImageFiles() {}

    /** A file of a format that Java writes. */
    public static byte[] of(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!ImageIO.write(image, format, bytes)) {
            throw new IllegalArgumentException("Java writes no such " + format);
        }
        return bytes.toByteArray();
    }

    /** A PNG of one colour with noise. */
    public static byte[] noisy(int width, int height, int rgb, long seed) throws IOException {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, rgb ^ random.nextInt() & 0x1f1f1f);
            }
        }
        return of(image, "png");
    }

    /** Folders of three classes, red, green and blue, with so many images each. */
    public static void writeClasses(Path folder, int ofClass, int width, int height) throws IOException {
        String[] names = {"blue", "green", "red"};
        for (int label = 0; label < names.length; label++) {
            Path files = Files.createDirectories(folder.resolve(names[label]));
            for (int i = 0; i < ofClass; i++) {
                byte[] file = noisy(width, height, 0xa0 << 8 * label, 1000L * label + i);
                Files.write(files.resolve("image" + i + ".png"), file);
            }
        }
    }
}
