package org.focaldistill.cuda;

import org.focaldistill.data.ImageSet;
import org.focaldistill.net.Network;

/** What a card needs memory for, known without one: the bytes that this program asks of it. */
public final class CardNeeds {
    private CardNeeds() {}

    /**
     * A student in training: weights, gradients, velocities, activations, and an epoch's order, views and teacher's logits, these
     * as a teacher that runs gives them; a bank's pages of half precision take half of it where no images are held out.
     *
     * @param images it trains on in an epoch
     * @param numerics {@code fp32}, {@code tf32} or {@code bf16}
     */
    public static long ofStudent(Network network, int batchSize, int images, String numerics) {
        int steps = (images + batchSize - 1) / batchSize;
        long arena = Program.training(network, batchSize, steps, Numerics.of(numerics))
                .size();
        long ofImage = Integer.BYTES + 1L + (long) network.classes() * Float.BYTES;
        return arena + images * ofImage;
    }

    /**
     * Images and their labels, which all students share.
     *
     * @param side rows, and columns, of an image
     */
    public static long ofImages(int side, int images) {
        return images * (ImageSet.bytesOf(side) + 1L);
    }
}
