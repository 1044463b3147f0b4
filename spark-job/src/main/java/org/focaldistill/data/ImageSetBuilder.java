package org.focaldistill.data;

/** Room for a known number of images, filled in any order. */
final class ImageSetBuilder {
    private final byte[] pixels;
    private final byte[] fineLabels;
    private final byte[] coarseLabels;

    ImageSetBuilder(int images) {
        pixels = new byte[Math.multiplyExact(images, ImageSet.IMAGE_BYTES)];
        fineLabels = new byte[images];
        coarseLabels = new byte[images];
    }

    void put(int image, int fine, int coarse, byte[] source, int pixelsAt) {
        fineLabels[image] = (byte) fine;
        coarseLabels[image] = (byte) coarse;
        System.arraycopy(source, pixelsAt, pixels, image * ImageSet.IMAGE_BYTES, ImageSet.IMAGE_BYTES);
    }

    ImageSet build() {
        return new ImageSet(pixels, fineLabels, coarseLabels);
    }
}
