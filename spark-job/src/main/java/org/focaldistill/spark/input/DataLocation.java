package org.focaldistill.spark.input;

import java.io.Serializable;
import org.focaldistill.net.ImageInput;
import org.focaldistill.net.Network;
import org.focaldistill.net.Normalisation;
import org.focaldistill.store.DataSetIndex;
import org.focaldistill.zoo.Architecture;

/**
 * The images an executor is to load, and what networks see of them.
 *
 * @param uri folder of the shards
 * @param hash what the shard index must say
 * @param classes how many classes
 * @param trainImages the first so many training images
 * @param testImages the first so many test images
 * @param images their size, and how they are normalised
 */
public record DataLocation(String uri, String hash, int classes, int trainImages, int testImages, ImageInput images)
        implements Serializable {
    /** Images like CIFAR's. */
    public DataLocation(String uri, String hash, int classes, int trainImages, int testImages) {
        this(uri, hash, classes, trainImages, testImages, ImageInput.CIFAR);
    }

    /** The first so many images of a prepared data set. */
    public static DataLocation of(String uri, DataSetIndex index, int trainImages, int testImages) {
        return new DataLocation(uri, index.hash(), index.classes(), trainImages, testImages, imagesOf(index));
    }

    /** What networks see of a prepared data set: its size, and CIFAR-100's normalisation unless it has its own. */
    public static ImageInput imagesOf(DataSetIndex index) {
        Normalisation normalisation =
                index.mean().isEmpty() ? Normalisation.CIFAR100 : new Normalisation(index.mean(), index.deviation());
        return new ImageInput(index.imageSide(), normalisation);
    }

    /** The same with so many images. */
    public DataLocation first(int train, int test) {
        return new DataLocation(uri, hash, classes, train, test, images);
    }

    /** A model of the zoo for these images. */
    public Network network(String model) {
        return Architecture.named(model).network(images, classes);
    }
}
