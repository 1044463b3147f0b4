package org.focaldistill.data.own;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.focaldistill.data.ColourStatistics;
import org.focaldistill.data.ImageDataSet;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.ImageSetBuilder;
import org.focaldistill.data.InvalidDataException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a data set of somebody's own images: all of them square and of one size, for training and for testing, each in an order
 * that mixes the classes, and to be normalised by the colours of the training images.
 */
public final class OwnImages {
    private final Settings settings;

    /**
     * What the images are to become.
     *
     * @param side rows, and columns
     * @param resize what becomes of those of another size
     * @param testPart above 0 and below 1: what part of each class is for testing where the source does not say
     * @param seed what chooses those, and orders all
     */
    public record Settings(int side, Resize resize, double testPart, long seed) {
        public Settings {
            if (side < 1 || !(testPart > 0 && testPart < 1)) {
                throw new IllegalArgumentException(
                        "Images have at least one row, and the part for testing is above 0 and" + " below 1, found "
                                + side + " and " + testPart);
            }
        }
    }

    /**
     * A data set.
     *
     * @param remarks sentences that people should know
     */
    public record Made(ImageDataSet data, List<String> remarks) {
        public Made {
            remarks = List.copyOf(remarks);
        }
    }

    public OwnImages(Settings settings) {
        this.settings = settings;
    }

    /**
     * Reads all images.
     *
     * @param name what the data set is to be called
     * @param read told how many images were read, after each
     * @throws InvalidDataException if a class or an image is refused; the message names all of the first ten
     * @throws IOException if the source can not be read
     */
    public Made read(ImageSource source, String name, IntConsumer read) throws IOException {
        ImageSource.Listing listing = source.list();
        Parts parts = new Parts(listing, settings.testPart, settings.seed);
        ImageSetBuilder train = new ImageSetBuilder(settings.side, parts.count(false, settings.side));
        ImageSetBuilder test = new ImageSetBuilder(settings.side, parts.count(true, settings.side));
        Faults faults = new Faults();
        source.read(listing, (entry, content, problem) -> {
            ImageSource.Entry image = listing.entries().get(entry);
            Picture picture = picture(image.name(), content, problem, faults);
            if (picture != null) {
                (parts.isTest(entry) ? test : train).put(parts.position(entry), image.label(), 0, picture.pixels(), 0);
            }
            read.accept(entry + 1);
        });
        faults.throwIfAny(listing.entries().size(), settings.side);
        ImageSet training = train.build();
        ImageSet testing = test.build();
        List<String> remarks = new ArrayList<>(listing.remarks());
        remarks.addAll(parts.remarks());
        remarks.addAll(duplicates(training, testing));
        return new Made(
                new ImageDataSet(
                        name, false, listing.classNames(), List.of(), ColourStatistics.of(training), training, testing),
                remarks);
    }

    /** The image in the size; null where it is at fault. */
    private @Nullable Picture picture(String name, byte @Nullable [] content, String problem, Faults faults) {
        if (content == null) {
            faults.unreadable(name, problem);
            return null;
        }
        try {
            Picture whole = Picture.read(content);
            Picture fitting = settings.resize.fit(whole, settings.side);
            if (fitting == null) {
                faults.ofOtherSize(name, whole);
            }
            return fitting;
        } catch (InvalidDataException e) {
            faults.unreadable(name, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static List<String> duplicates(ImageSet train, ImageSet test) {
        Set<ByteBuffer> trained = new HashSet<>();
        for (int i = 0; i < train.size(); i++) {
            trained.add(pixels(train, i));
        }
        long seen = 0;
        for (int i = 0; i < test.size(); i++) {
            seen += trained.contains(pixels(test, i)) ? 1 : 0;
        }
        return seen == 0
                ? List.of()
                : List.of(seen + " of " + test.size() + " test images are training images, too, pixel by pixel: results"
                        + " on them come out too well");
    }

    private static ByteBuffer pixels(ImageSet images, int image) {
        return ByteBuffer.wrap(images.pixels(), image * images.imageBytes(), images.imageBytes());
    }
}
