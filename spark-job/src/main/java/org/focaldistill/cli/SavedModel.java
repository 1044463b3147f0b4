package org.focaldistill.cli;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.net.ImageInput;
import org.focaldistill.net.Network;
import org.focaldistill.spark.gpu.Engines;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.train.Classifier;
import org.focaldistill.weights.ImageHeader;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.zoo.Architecture;
import org.jspecify.annotations.Nullable;

/** A model file of ours, a teacher or a student, and which network it is. */
record SavedModel(String uri, Architecture architecture, ImageInput images, int classes, Safetensors file) {

    /**
     * Reads a model file.
     *
     * @param model which network it is, if the file does not say
     * @throws InvalidModelException if that is not known
     */
    static SavedModel read(Configuration hadoop, String uri, @Nullable String model) throws IOException {
        if (!uri.endsWith(".safetensors")) {
            throw new InvalidModelException("The file " + uri + " is no model file, which ends with .safetensors;"
                    + " a checkpoint of another program comes in with focaldistill import");
        }
        Safetensors file = new ModelFiles(hadoop).read(new Path(uri));
        String name = model == null ? file.metadata().get("model") : model;
        if (name == null || !Architecture.modelNames().contains(name)) {
            throw new InvalidModelException("The model file " + uri
                    + (name == null
                            ? " does not say which network it is"
                            : " is said to be of the network '" + name + "'")
                    + "; name it with --model, one of " + String.join(", ", Architecture.modelNames()));
        }
        return new SavedModel(
                uri, Architecture.named(name), ImageHeader.read(file.metadata(), uri), classes(uri, file), file);
    }

    /** Every network of the zoo ends with its only matrix, {@code [classes, features]}. */
    private static int classes(String uri, Safetensors file) throws InvalidModelException {
        return file.tensors().values().stream()
                .filter(tensor -> tensor.shape().length == 2)
                .map(tensor -> (int) tensor.shape()[0])
                .findFirst()
                .orElseThrow(() -> new InvalidModelException("Cannot use the model file " + uri
                        + ": it has no linear layer, so it is no network of the zoo"));
    }

    /** What the network is. */
    Network network() {
        return architecture.network(images, classes);
    }

    /** The network with the file's weights. */
    Classifier open() throws InvalidModelException {
        return Engines.forEvaluation().classifier(network(), file.tensors(), uri);
    }
}
