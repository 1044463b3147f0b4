package org.focaldistill.cuda;

import org.focaldistill.cuda.driver.Card;
import org.focaldistill.cuda.driver.CardMemory;
import org.focaldistill.cuda.driver.CardStream;
import org.focaldistill.cuda.driver.Kernel;
import org.focaldistill.cuda.driver.Kernels;
import org.focaldistill.cuda.driver.Ptx;
import org.focaldistill.data.ImageSet;
import org.focaldistill.net.Normalisation;

/** What a step begins with: its images, their classes and what the bank has of them, {@code images.cu}. */
final class ImageKernels implements AutoCloseable {
    private static final int VALUES = 256;

    private final Kernels kernels;
    private final Kernel ofStep;
    private final CardMemory normalised;

    /**
     * Where a program's students have them: offsets in an arena, in bytes.
     *
     * @param images float {@code [batch, 32, 32, 3]}
     * @param classOf int32 {@code [batch]}
     * @param teacher float {@code [batch, classes]}; written where the epoch has a page
     */
    record Tensors(long images, long classOf, long teacher) {}

    ImageKernels(Card card, CardStream stream) {
        kernels = card.load(Ptx.resource(ImageKernels.class, "images.ptx"));
        ofStep = kernels.kernel("images_of_step");
        normalised = card.allocate((long) ImageSet.CHANNELS * VALUES * Float.BYTES);
        float[][] ofBytes = Normalisation.ofBytes();
        for (int colour = 0; colour < ImageSet.CHANNELS; colour++) {
            stream.upload(ofBytes[colour], normalised, (long) colour * VALUES * Float.BYTES);
        }
    }

    /**
     * Takes the images of the step at hand, cropped, flipped and normalised.
     *
     * @param batch images of a step at most
     */
    void launch(CardStream stream, Arenas students, Tensors at, int batch, int classes) {
        stream.launch(
                ofStep,
                new Kernel.Grid(ImageSet.SIDE, batch, students.count()),
                ImageSet.SIDE,
                students.address(),
                normalised.address(),
                at.images,
                at.classOf,
                at.teacher,
                classes);
    }

    @Override
    public void close() {
        normalised.close();
        kernels.close();
    }
}
