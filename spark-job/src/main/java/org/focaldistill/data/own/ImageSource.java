package org.focaldistill.data.own;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where images and their classes come from. */
public interface ImageSource {
    /** What an image is for. */
    enum Part {
        TRAIN,
        TEST
    }

    /**
     * An image that is there.
     *
     * @param name what people find it by
     * @param label its class, from 0 on
     * @param part what it is for; null where the source does not say, which it does for all or for none
     */
    record Entry(String name, int label, @Nullable Part part) {}

    /**
     * What is there, known before any image is read.
     *
     * @param classNames names by label
     * @param entries the images, in an order that depends on their names alone
     * @param remarks what people should know about what was left out
     */
    record Listing(List<String> classNames, List<Entry> entries, List<String> remarks) {
        public Listing {
            classNames = List.copyOf(classNames);
            entries = List.copyOf(entries);
            remarks = List.copyOf(remarks);
        }
    }

    /** What becomes of an image. */
    interface Reader {
        /**
         * Called for each entry, in order.
         *
         * @param content the file's bytes, PNG or JPEG; null where there are none to be read
         * @param problem why there are none
         */
        void image(int entry, byte @Nullable [] content, String problem);
    }

    /** @throws IOException if it can not be listed, or is not laid out as it should be; the message says what is wrong */
    Listing list() throws IOException;

    /** Reads the images of a listing. */
    void read(Listing listing, Reader reader) throws IOException;
}
