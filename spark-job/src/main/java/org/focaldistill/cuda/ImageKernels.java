package org.focaldistill.cuda;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.focaldistill.cuda.driver.Card;
import org.focaldistill.cuda.driver.CardMemory;
import org.focaldistill.cuda.driver.CardStream;
import org.focaldistill.cuda.driver.Kernel;
import org.focaldistill.cuda.driver.Kernels;
import org.focaldistill.cuda.driver.Ptx;
import org.focaldistill.data.ImageSet;
import org.focaldistill.net.ImageInput;
import org.focaldistill.net.Normalisation;

/** What a step begins with: its images, their classes and what the bank has of them, {@code images.cu}. */
final class ImageKernels implements AutoCloseable {
    private static final int VALUES = 256;
    private static final int THREADS = 32;

    private final Kernels kernels;
    private final Map<Stored, Kernel> ofStep = new EnumMap<>(Stored.class);
    private final Card card;
    private final Map<Normalisation, CardMemory> normalised = new ConcurrentHashMap<>();

    /**
     * Where a program's students have them: offsets in an arena, in bytes.
     *
     * @param images {@code [batch, side, side, 3]}
     * @param stored how they are
     * @param classOf int32 {@code [batch]}
     * @param teacher float {@code [batch, classes]}; written where there is a teacher
     */
    record Tensors(long images, Stored stored, long classOf, long teacher) {}

    ImageKernels(Card card, CardStream stream) {
        kernels = card.load(Ptx.resource(ImageKernels.class, "images.ptx"));
        for (Stored stored : Stored.values()) {
            ofStep.put(stored, kernels.kernel(stored.kernel("images_of_step")));
        }
        this.card = card;
        load(Normalisation.CIFAR100, stream);
    }

    /** Brings what a byte becomes to the card, unless it is there; not while a step is recorded. */
    void load(Normalisation normalisation, CardStream stream) {
        normalised.computeIfAbsent(normalisation, missing -> table(missing, stream));
    }

    private CardMemory table(Normalisation normalisation, CardStream stream) {
        CardMemory table = card.allocate((long) ImageSet.CHANNELS * VALUES * Float.BYTES);
        float[][] ofBytes = normalisation.ofBytes();
        for (int colour = 0; colour < ImageSet.CHANNELS; colour++) {
            stream.upload(ofBytes[colour], table, (long) colour * VALUES * Float.BYTES);
        }
        return table;
    }

    /**
     * Takes the images of the step at hand, cropped, flipped and normalised.
     *
     * @param input what is seen of the images; its normalisation is {@link #load}ed
     * @param batch images of a step at most
     */
    void launch(CardStream stream, Arenas students, Tensors at, ImageInput input, int batch, int classes) {
        CardMemory ofBytes = Objects.requireNonNull(normalised.get(input.normalisation()), "The normalisation");
        stream.launch(
                Objects.requireNonNull(ofStep.get(at.stored)),
                new Kernel.Grid(input.side(), batch, students.count()),
                THREADS,
                students.address(),
                ofBytes.address(),
                at.images,
                at.classOf,
                at.teacher,
                input.side(),
                classes);
    }

    @Override
    public void close() {
        normalised.values().forEach(CardMemory::close);
        kernels.close();
    }
}
