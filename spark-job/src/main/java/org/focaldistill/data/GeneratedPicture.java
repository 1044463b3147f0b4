package org.focaldistill.data;

import java.util.List;
import java.util.SplittableRandom;

/**
 * One generated picture: a textured shape over a two-coloured ground with a distractor. The class fixes shape, hue
 * family and texture; everything else is drawn. Hue families overlap in their tails, so no classifier gets all right.
 */
final class GeneratedPicture {
    private static final List<Shape> SHAPES = List.of(Shape.values());
    private static final List<Texture> TEXTURES = List.of(Texture.values());
    private static final int HUES = 4;
    private static final double HUE_DEVIATION = 21;

    private final Shape shape;
    private final Texture texture;
    private final SplittableRandom random;

    private final double centreX;
    private final double centreY;
    private final double radius;
    private final double cos;
    private final double sin;
    private final double period;
    private final double phase;
    private final double contrast;
    private final double[] paint;
    private final double[] groundFrom;
    private final double[] groundTo;
    private final boolean groundAcross;
    private final double spotX;
    private final double spotY;
    private final double spotRadius;
    private final double[] spotPaint;
    private final double noise;

    GeneratedPicture(int label, SplittableRandom random) {
        int coarse = coarseLabel(label);
        this.shape = SHAPES.get(coarse / HUES);
        this.texture = TEXTURES.get(label % TEXTURES.size());
        this.random = random;
        centreX = uniform(11.5, 19.5);
        centreY = uniform(11.5, 19.5);
        radius = uniform(8, 13);
        double angle = StrictMath.toRadians(uniform(-14, 14));
        cos = StrictMath.cos(angle);
        sin = StrictMath.sin(angle);
        period = uniform(4.2, 6.5);
        phase = random.nextDouble();
        contrast = uniform(0.2, 0.4);
        paint = colour(coarse % HUES * (360.0 / HUES) + HUE_DEVIATION * normal(), uniform(0.4, 0.9), uniform(0.5, 0.9));
        groundFrom = colour(uniform(0, 360), uniform(0, 0.6), uniform(0.15, 0.9));
        groundTo = colour(uniform(0, 360), uniform(0, 0.6), uniform(0.15, 0.9));
        groundAcross = random.nextBoolean();
        spotX = uniform(0, ArchiveFormat.SIDE);
        spotY = uniform(0, ArchiveFormat.SIDE);
        spotRadius = uniform(1.5, 5);
        spotPaint = colour(uniform(0, 360), uniform(0.4, 0.9), uniform(0.3, 0.9));
        noise = uniform(0.02, 0.08);
    }

    /** Five textures make a coarse class. */
    static int coarseLabel(int label) {
        return label / TEXTURES.size();
    }

    /** @param at where the image's 3072 bytes go */
    void draw(byte[] pixels, int at) {
        for (int y = 0; y < ArchiveFormat.SIDE; y++) {
            for (int x = 0; x < ArchiveFormat.SIDE; x++) {
                drawPixel(x, y, pixels, at + y * ArchiveFormat.SIDE + x);
            }
        }
    }

    private void drawPixel(int x, int y, byte[] pixels, int at) {
        double dx = x - centreX;
        double dy = y - centreY;
        double across = cos * dx + sin * dy;
        double down = cos * dy - sin * dx;
        double inShape = coverage(-radius * shape.distance(across / radius, down / radius));
        double light = 1 + contrast * texture.tone(across / period, down / period, phase);
        double spotDistance = Math.sqrt((x - spotX) * (x - spotX) + (y - spotY) * (y - spotY));
        double inSpot = coverage(spotRadius - spotDistance);
        double way = (groundAcross ? x : y) / (ArchiveFormat.SIDE - 1.0);
        for (int channel = 0; channel < ImageSet.CHANNELS; channel++) {
            double ground = groundFrom[channel] + way * (groundTo[channel] - groundFrom[channel]);
            double behind = ground + inSpot * (spotPaint[channel] - ground);
            double value = behind + inShape * (paint[channel] * light - behind) + noise * normal();
            pixels[at + channel * ArchiveFormat.SIDE * ArchiveFormat.SIDE] =
                    (byte) (int) Math.max(0, Math.min(255, Math.floor(256 * value)));
        }
    }

    /** The share of a pixel that lies inside, from its distance to the outline (positive inside) in pixels. */
    private static double coverage(double inside) {
        return Math.max(0, Math.min(1, inside + 0.5));
    }

    /** Red, green and blue in 0..1. */
    private static double[] colour(double hue, double saturation, double value) {
        double[] rgb = new double[ImageSet.CHANNELS];
        for (int channel = 0; channel < rgb.length; channel++) {
            double turn = (hue / 60 + 5 - 2 * channel) % 6;
            double k = turn < 0 ? turn + 6 : turn;
            rgb[channel] = value * (1 - saturation * Math.max(0, Math.min(1, Math.min(k, 4 - k))));
        }
        return rgb;
    }

    private double uniform(double from, double to) {
        return from + (to - from) * random.nextDouble();
    }

    /** Mean 0, deviation 1, about normal; a sum of uniforms is the same on every Java version. */
    private double normal() {
        return 2 * (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5);
    }
}
