package org.focaldistill.data;

/** Room for a known number of images, filled in any order. */
public final class ImageSetBuilder {
    private final int side;
    private final byte[] pixels;
    private final byte[] fineLabels;
    private final byte[] coarseLabels;

    /** @param side rows, and columns, of an image */
    public ImageSetBuilder(int side, int images) {
        this.side = side;
        pixels = new byte[Math.multiplyExact(images, ImageSet.bytesOf(side))];
        fineLabels = new byte[images];
        coarseLabels = new byte[images];
    }

    /**
     * Sets an image.
     *
     * @param image its place, from 0 on
     * @param fine its class
     * @param coarse its coarse class, 0 where there are none
     * @param source holds its bytes of pixels from {@code pixelsAt} on; they are copied
     */
    public void put(int image, int fine, int coarse, byte[] source, int pixelsAt) {
        fineLabels[image] = (byte) fine;
        coarseLabels[image] = (byte) coarse;
        int bytes = ImageSet.bytesOf(side);
        System.arraycopy(source, pixelsAt, pixels, image * bytes, bytes);
    }

    /** All images; those never put are black and of class 0. To be called once: nothing is copied. */
    public ImageSet build() {
        return new ImageSet(side, pixels, fineLabels, coarseLabels);
    }
}
