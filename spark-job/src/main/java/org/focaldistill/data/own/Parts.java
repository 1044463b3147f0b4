package org.focaldistill.data.own;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.InvalidDataException;
import org.focaldistill.data.Permutations;
import org.focaldistill.data.RandomStreams;
import org.focaldistill.data.own.ImageSource.Entry;
import org.focaldistill.data.own.ImageSource.Listing;
import org.focaldistill.data.own.ImageSource.Part;

/** Which images are for training and which for testing, and in which order; what is wrong with the classes is refused. */
final class Parts {
    /** Labels are bytes. */
    private static final int MOST_CLASSES = 256;
    /** Keep the random numbers that order images apart from those that choose them. */
    private static final int CHOICE = 0;

    private static final int ORDER = 1;

    private final Listing listing;
    private final boolean[] test;
    private final int[] position;

    /**
     * @param testPart of each class, at least one image, where the source does not say
     * @param seed what chooses those and orders all
     * @throws InvalidDataException if there is a class that can not be learned or tested, with what to do
     */
    Parts(Listing listing, double testPart, long seed) throws InvalidDataException {
        this.listing = listing;
        List<Entry> entries = listing.entries();
        test = new boolean[entries.size()];
        position = new int[entries.size()];
        boolean divided = entries.stream().anyMatch(entry -> entry.part() != null);
        requireClasses(divided);
        if (divided) {
            for (int i = 0; i < test.length; i++) {
                test[i] = entries.get(i).part() == Part.TEST;
            }
        } else {
            holdOut(testPart, seed);
        }
        order(seed, false);
        order(seed, true);
    }

    private void requireClasses(boolean divided) throws InvalidDataException {
        List<String> names = listing.classNames();
        if (names.size() > MOST_CLASSES || names.size() < 2) {
            throw new InvalidDataException(String.format(
                    Locale.ROOT, "There must be from 2 to %d classes, found %d", MOST_CLASSES, names.size()));
        }
        int[] train = counts(entry -> entry.part() == Part.TEST ? 0 : 1);
        int[] tested = counts(entry -> entry.part() == Part.TEST ? 1 : 0);
        List<String> unknown = classes(label -> train[label] == 0 && tested[label] > 0);
        if (!unknown.isEmpty()) {
            throw new InvalidDataException("There are test images but no training images of " + Named.first(unknown)
                    + ": give each class both, or take its test images away");
        }
        List<String> empty = classes(label -> train[label] == 0);
        if (!empty.isEmpty()) {
            throw new InvalidDataException("There are no images of " + Named.first(empty)
                    + ": give each class images, or take the class away");
        }
        List<String> single = classes(label -> train[label] == 1);
        if (!single.isEmpty()) {
            throw new InvalidDataException("There is one " + (divided ? "training image" : "image") + " alone of "
                    + Named.first(single) + ": give each class two or more, or take the class away");
        }
    }

    private List<String> classes(IntPredicate wanted) {
        return IntStream.range(0, listing.classNames().size())
                .filter(wanted)
                .mapToObj(listing.classNames()::get)
                .toList();
    }

    private int[] counts(ToIntFunction<Entry> count) {
        int[] counts = new int[listing.classNames().size()];
        listing.entries().forEach(entry -> counts[entry.label()] += count.applyAsInt(entry));
        return counts;
    }

    /** Of each class by itself, so that it does not depend on the others. */
    private void holdOut(double testPart, long seed) {
        List<List<Integer>> ofClasses = new ArrayList<>();
        listing.classNames().forEach(name -> ofClasses.add(new ArrayList<>()));
        for (int i = 0; i < test.length; i++) {
            ofClasses.get(listing.entries().get(i).label()).add(i);
        }
        for (int label = 0; label < ofClasses.size(); label++) {
            List<Integer> images = ofClasses.get(label);
            int wanted = (int) Math.round(testPart * images.size());
            int count = Math.max(1, Math.min(images.size() - 1, wanted));
            int[] chosen = Permutations.of(images.size(), RandomStreams.of(seed, CHOICE, label));
            for (int i = 0; i < count; i++) {
                test[images.get(chosen[i])] = true;
            }
        }
    }

    /** Mixes the classes: the first so many images of a part are a fair sample of it. */
    private void order(long seed, boolean ofTest) {
        int[] entries =
                IntStream.range(0, test.length).filter(i -> test[i] == ofTest).toArray();
        int[] places = Permutations.of(entries.length, RandomStreams.of(seed, ORDER, ofTest ? 1 : 0));
        for (int i = 0; i < entries.length; i++) {
            position[entries[i]] = places[i];
        }
    }

    /** Whether an entry is for testing. */
    boolean isTest(int entry) {
        return test[entry];
    }

    /** An entry's place among those of its part. */
    int position(int entry) {
        return position[entry];
    }

    /**
     * How many are for testing, or for training.
     *
     * @throws InvalidDataException if one array does not hold them
     */
    int count(boolean ofTest, int side) throws InvalidDataException {
        int count = (int)
                IntStream.range(0, test.length).filter(i -> test[i] == ofTest).count();
        if (count > ImageSet.mostOf(side)) {
            throw new InvalidDataException(String.format(
                    Locale.ROOT,
                    "There are %,d %s images, and of %d x %d pixels at most %,d can be read; take a smaller"
                            + " data.imageSize or fewer images",
                    count,
                    ofTest ? "test" : "training",
                    side,
                    side,
                    ImageSet.mostOf(side)));
        }
        return count;
    }

    /** What people should know of the classes. */
    List<String> remarks() {
        int[] tested = new int[listing.classNames().size()];
        for (int i = 0; i < test.length; i++) {
            tested[listing.entries().get(i).label()] += test[i] ? 1 : 0;
        }
        List<String> untested = classes(label -> tested[label] == 0);
        return untested.isEmpty() ? List.of() : List.of("There are no test images of " + Named.first(untested));
    }
}
