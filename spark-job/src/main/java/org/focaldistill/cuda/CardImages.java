package org.focaldistill.cuda;

import java.util.IdentityHashMap;
import java.util.Map;
import org.focaldistill.cuda.driver.Card;
import org.focaldistill.cuda.driver.CardMemory;
import org.focaldistill.cuda.driver.CardStream;
import org.focaldistill.data.ImageSet;

/** Image sets that lie on a card, each copied there once for all students. */
final class CardImages implements AutoCloseable {
    private final Card card;
    private final Map<ImageSet, Set> sets = new IdentityHashMap<>();

    private record Set(CardMemory pixels, CardMemory labels) {}

    CardImages(Card card) {
        this.card = card;
    }

    /** Where a set is. */
    synchronized Head.Images of(ImageSet images, CardStream stream) {
        Set set = sets.computeIfAbsent(images, missing -> copy(missing, stream));
        return new Head.Images(set.pixels.address(), set.labels.address());
    }

    private Set copy(ImageSet images, CardStream stream) {
        byte[] labels = new byte[images.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) images.label(i);
        }
        Opened opened = new Opened();
        try {
            CardMemory pixels = opened.add(card.allocate(images.pixels().length));
            CardMemory ofLabels = opened.add(card.allocate(labels.length));
            stream.upload(images.pixels(), pixels, 0);
            stream.upload(labels, ofLabels, 0);
            return new Set(pixels, ofLabels);
        } catch (RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    @Override
    public synchronized void close() {
        sets.values().forEach(set -> {
            set.pixels.close();
            set.labels.close();
        });
        sets.clear();
    }
}
