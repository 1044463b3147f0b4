package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.focaldistill.sweep.ReliabilityRow;
import org.focaldistill.sweep.ReliabilityRow.Filling;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReliabilityDiagramTest {
    /** Five bins, of 0.2 each. */
    private static ReliabilityRow row(String trial, int bin, long count, double accuracy, @Nullable Filling scaled) {
        return new ReliabilityRow(
                trial, bin, bin / 5.0, (bin + 1) / 5.0, count, count == 0 ? 0 : (bin + 0.5) / 5, accuracy, scaled);
    }

    private static String picture(List<ReliabilityRow> rows) {
        return new ReliabilityDiagram(rows)
                .chart("reliability-0", "a cell")
                .figure("panel", "caption")
                .render();
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static List<String> tips(String picture) {
        return found("<title>([^<]*)</title>", picture).stream()
                .map(tip -> tip.replace("\r", "").replace("&#10;", "\n"))
                .toList();
    }

    private static final List<ReliabilityRow> ROWS = List.of(
            row("a", 0, 0, 0, new Filling(10, 0.15, 0.1)),
            row("a", 1, 2, 0.5, new Filling(190, 0.3, 0.3)),
            row("a", 2, 198, 0.4, new Filling(0, 0, 0)),
            row("a", 3, 0, 0, null),
            row("a", 4, 0, 0, null));

    @Test
    void every_bin_tells_its_interval_and_its_share_of_the_images() {
        assertThat(tips(picture(ROWS)))
                .contains(
                        "confidence 0.300, accuracy 0.500 (0.095 to 0.905)\n2 images",
                        "confidence 0.500, accuracy 0.400 (0.334 to 0.470)\n198 images",
                        "confidence 0.200 to 0.400\n2 images, 1.00 %",
                        "confidence 0.400 to 0.600\n198 images, 99.00 %",
                        "confidence 0.000 to 0.200\n10 images, 5.00 %",
                        "confidence 0.200 to 0.400\n190 images, 95.00 %");
    }

    @Test
    void who_does_not_see_it_is_told_how_many_images_say_little() {
        assertThat(picture(ROWS))
                .contains(
                        "<desc>200 images, in 2 of 5 bins; 1 of these has fewer than 30 images, 1.0 % of all, and says"
                                + " little.</desc>");
    }

    @Test
    void the_images_of_several_seeds_are_the_same_so_they_do_not_make_the_interval_narrower() {
        List<ReliabilityRow> twice = new ArrayList<>(ROWS);
        ROWS.forEach(row -> twice.add(row("b", row.bin(), row.count(), row.accuracy(), row.scaled())));

        assertThat(tips(picture(twice)))
                .contains(
                        "confidence 0.500, accuracy 0.400 (0.334 to 0.470)\n396 images",
                        "confidence 0.400 to 0.600\n396 images, 99.00 %");
        assertThat(picture(twice)).contains("<desc>200 images of each of 2 seeds, in 2 of 5 bins; 1 of these has");
    }

    @Test
    void bins_of_few_images_are_pale() {
        List<Double> opacities = found(
                        "fill-opacity[:=]\"?([0-9.]+)",
                        new ReliabilityDiagram(ROWS)
                                .chart("reliability-0", "a cell")
                                .svg())
                .stream()
                .map(Double::valueOf)
                .sorted()
                .distinct()
                .toList();

        // 2, 10, 190 and 198 images with intervals as wide as 0.81, 0.39, 0.13 and 0.14.
        assertThat(opacities.get(0)).isBetween(0.14, 0.16);
        assertThat(opacities).anyMatch(each -> each > 0.45 && each < 0.55).anyMatch(each -> each > 0.8 && each < 0.85);
    }

    @Test
    void without_scaling_the_bars_are_as_wide_as_their_bins() throws IOException {
        List<ReliabilityRow> rows = List.of(
                row("a", 0, 100, 0.1, null),
                row("a", 1, 100, 0.3, null),
                row("a", 2, 100, 0.5, null),
                row("a", 3, 100, 0.7, null),
                row("a", 4, 100, 0.9, null));
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(
                new ReliabilityDiagram(rows).chart("reliability-0", "a cell").png()));

        int widest = 0;
        for (int y = image.getHeight() / 2; y < image.getHeight(); y++) {
            int blue = 0;
            for (int x = 0; x < image.getWidth(); x++) {
                blue += new Color(image.getRGB(x, y)).equals(CurveStyle.color(0)) ? 1 : 0;
            }
            widest = Math.max(widest, blue);
        }
        // All of the axis; the picture has margins, the axis upwards and its label beside.
        assertThat(widest).isGreaterThan(image.getWidth() * 3 / 4);
        assertThat(tips(picture(rows))).contains("confidence 0.800 to 1.000\n100 images, 20.00 %");
        assertThat(picture(rows)).contains("<desc>500 images, in 5 of 5 bins.</desc>");
    }
}
