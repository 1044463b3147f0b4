package org.focaldistill.data.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.focaldistill.data.InvalidDataException;
import org.focaldistill.testing.ImageFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTest {
    @Test
    void colours_are_planes_row_by_row() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0x010203);
        image.setRGB(1, 0, 0xfafbfc);
        Picture picture = Picture.read(ImageFiles.of(image, "png"));
        assertThat(picture.width()).isEqualTo(2);
        assertThat(picture.height()).isEqualTo(1);
        assertThat(picture.pixels()).containsExactly(1, 0xfa, 2, 0xfb, 3, 0xfc);
    }

    /** Java's own conversion would make 100 of it 166. */
    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY})
    void grey_has_its_own_value_in_all_colours(int type) throws IOException {
        BufferedImage image = new BufferedImage(2, 1, type);
        int of8Bits = type == BufferedImage.TYPE_BYTE_GRAY ? 1 : 257;
        image.getRaster().setSample(0, 0, 0, 100 * of8Bits);
        image.getRaster().setSample(1, 0, 0, 255 * of8Bits);
        assertThat(Picture.read(ImageFiles.of(image, "png")).pixels()).containsExactly(100, 255, 100, 255, 100, 255);
    }

    @Test
    void alpha_is_left_out() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x00102030);
        image.setRGB(1, 0, 0x80405060);
        assertThat(Picture.read(ImageFiles.of(image, "png")).pixels())
                .containsExactly(0x10, 0x40, 0x20, 0x50, 0x30, 0x60);
    }

    @Test
    void a_palette_is_looked_up() throws IOException {
        byte[] reds = {1, 2, 3, 4};
        byte[] greens = {5, 6, 7, 8};
        byte[] blues = {9, 10, 11, 12};
        BufferedImage image = new BufferedImage(
                2, 1, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(2, 4, reds, greens, blues));
        image.getRaster().setSample(0, 0, 0, 3);
        image.getRaster().setSample(1, 0, 0, 1);
        assertThat(Picture.read(ImageFiles.of(image, "png")).pixels()).containsExactly(4, 2, 8, 6, 12, 10);
    }

    @Test
    void a_jpeg_is_read_whatever_its_file_is_called() throws IOException {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64; i++) {
            image.setRGB(i % 8, i / 8, 0x404040);
        }
        byte[] grey = new byte[3 * 64];
        Arrays.fill(grey, (byte) 0x40);
        assertThat(Picture.read(ImageFiles.of(image, "jpg")).pixels()).isEqualTo(grey);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg"})
    void a_file_that_ends_too_early_is_refused(String format) throws IOException {
        byte[] noisy = ImageFiles.noisy(64, 64, 0x808080, 1);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(noisy));
        byte[] file = ImageFiles.of(image, format);
        assertThat(Picture.read(file).width()).isEqualTo(64);
        for (int length : new int[] {10, file.length / 2, file.length * 9 / 10}) {
            assertThatThrownBy(() -> Picture.read(Arrays.copyOf(file, length)))
                    .as("%d of %d bytes", length, file.length)
                    .isInstanceOf(InvalidDataException.class)
                    .hasMessageStartingWith("it ");
        }
    }

    @Test
    void bytes_too_many_are_no_damage() throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(ImageFiles.noisy(16, 16, 0x808080, 1)));
        byte[] file = ImageFiles.of(image, "jpg");
        byte[] longer = Arrays.copyOf(file, file.length + 20);
        System.arraycopy(file, file.length - 2, longer, longer.length - 2, 2);
        Arrays.fill(longer, file.length - 2, longer.length - 2, (byte) 7);
        assertThat(Picture.read(longer).pixels()).isEqualTo(Picture.read(file).pixels());
    }

    @Test
    void what_is_neither_png_nor_jpeg_is_refused() throws IOException {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        assertRefused(new byte[0], "it is empty");
        assertRefused("<html>".getBytes(StandardCharsets.UTF_8), "it is no PNG or JPEG");
        assertRefused(ImageFiles.of(image, "gif"), "it is no PNG or JPEG");
    }

    @Test
    void a_jpeg_of_four_colours_is_refused() throws IOException {
        byte[] file = fourColours();
        assertRefused(file, "its colours are neither RGB nor grey (CMYK?); save it as RGB");
        // As Adobe's programs mark it.
        byte[] adobe = {(byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
        byte[] marked = new byte[file.length + adobe.length];
        System.arraycopy(file, 0, marked, 0, 2);
        System.arraycopy(adobe, 0, marked, 2, adobe.length);
        System.arraycopy(file, 2, marked, 2 + adobe.length, file.length - 2);
        assertRefused(marked, "its colours are neither RGB nor grey (CMYK?); save it as RGB");
    }

    private static byte[] fourColours() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            var raster = Raster.createInterleavedRaster(0, 8, 8, 4, null);
            writer.write(null, new IIOImage(raster, null, null), null);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static void assertRefused(byte[] file, String message) {
        assertThatThrownBy(() -> Picture.read(file))
                .isInstanceOf(InvalidDataException.class)
                .hasMessage(message);
    }
}
