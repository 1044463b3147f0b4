package org.focaldistill.cuda;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.focaldistill.cuda.driver.Card;
import org.focaldistill.cuda.driver.CardStream;
import org.focaldistill.cuda.driver.CudaException;
import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.data.ImageSet;
import org.focaldistill.train.Engine;
import org.focaldistill.train.Workers;

/**
 * A card with what all of its students share: kernels, images, and those who make their steps together. What its engines began is
 * to be closed before it.
 */
public final class OpenCard implements AutoCloseable {
    /** Images at a time of a network that only classifies. */
    private static final int BATCH = 128;

    private final Card card;
    private final StepKernels kernels;
    private final CardImages images;
    private final Locksteps locksteps;
    private final Tenants tenants = new Tenants();
    private final int batch;
    private final Map<Numerics, CardEngine> engines = new EnumMap<>(Numerics.class);

    private OpenCard(Card card, StepKernels kernels, int batch) {
        this.card = card;
        this.kernels = kernels;
        this.images = new CardImages(card);
        this.locksteps = new Locksteps(card, kernels);
        this.batch = batch;
    }

    /**
     * Opens a card.
     *
     * @param ordinal its number among those this process sees
     * @throws NoCardException if it can not be used
     */
    public static OpenCard open(int ordinal) throws NoCardException {
        return of(Card.open(ordinal), BATCH);
    }

    /**
     * A card that was opened, and which this closes.
     *
     * @param batch images at a time of a network that only classifies
     */
    static OpenCard of(Card card, int batch) {
        try (CardStream stream = card.stream()) {
            return new OpenCard(card, new StepKernels(card, stream), batch);
        } catch (RuntimeException | Error e) {
            // With its context goes all that was made on it.
            card.close();
            throw e;
        }
    }

    /**
     * The engine that computes in these numbers, always the same.
     *
     * @param numerics {@code fp32}, {@code tf32} or {@code bf16}
     */
    public Engine engine(String numerics) {
        return of(numerics);
    }

    /** Makes workers that compute as {@link #engine} does. */
    public Workers workers(String numerics) {
        return of(numerics);
    }

    private synchronized CardEngine of(String numerics) {
        return engines.computeIfAbsent(Numerics.of(numerics), these -> new CardEngine(this, these));
    }

    /** @throws IllegalArgumentException if there is no engine for these numbers */
    public static void requireNumerics(String numerics) {
        Numerics unused = Numerics.of(numerics);
    }

    /** What it is. */
    public String description() {
        return card.info().toString();
    }

    /** Whether an error of a kernel ended it: all of its students fail, and it may be opened anew. */
    public boolean isLost() {
        return card.isLost();
    }

    Locksteps locksteps() {
        return locksteps;
    }

    /**
     * Room for a network on it; where there is none, waits until another one leaves.
     *
     * @param images of an epoch that it is to be given; 0 if it only classifies
     * @param ofTeacher bytes of a teacher's logits that it is to be given with them
     * @param stopped asked while it waits
     * @throws CudaException if there is none, and nobody who could leave
     */
    Arena arena(Program program, int images, long ofTeacher, BooleanSupplier stopped) {
        kernels.load(program.numerics());
        boolean student = images > 0;
        long since = System.nanoTime();
        while (true) {
            long left = tenants.left();
            tenants.enter(student);
            try {
                return new Arena(card, kernels, this.images, program, images, ofTeacher, () -> tenants.leave(student));
            } catch (RuntimeException | Error e) {
                if (!(e instanceof CudaException cuda) || !cuda.isOutOfMemory()) {
                    tenants.leave(student);
                    throw e;
                }
                if (!tenants.withdraw(student, left, since) || stopped.getAsBoolean()) {
                    throw e;
                }
            }
        }
    }

    /** Copies images to the card, unless they are there. */
    void require(ImageSet set) {
        try (CardStream stream = card.stream()) {
            Head.Images unused = images.of(set, stream);
        }
    }

    /** Images at a time of a network that only classifies. */
    int batch() {
        return batch;
    }

    @Override
    public void close() {
        images.close();
        kernels.close();
        card.close();
    }
}
