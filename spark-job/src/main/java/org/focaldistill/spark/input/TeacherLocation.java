package org.focaldistill.spark.input;

import java.io.Serializable;

/**
 * A teacher an executor is to load.
 *
 * @param uri the model file
 * @param model its architecture
 * @param hash what its tensors must hash to
 */
public record TeacherLocation(String uri, String model, String hash) implements Serializable {}
