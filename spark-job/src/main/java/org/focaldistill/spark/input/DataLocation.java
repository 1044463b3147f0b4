package org.focaldistill.spark.input;

import java.io.Serializable;

/**
 * The images an executor is to load.
 *
 * @param uri folder of the shards
 * @param hash what the shard index must say
 * @param classes how many classes
 * @param trainImages the first so many training images
 * @param testImages the first so many test images
 */
public record DataLocation(String uri, String hash, int classes, int trainImages, int testImages)
        implements Serializable {}
