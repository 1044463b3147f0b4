package org.focaldistill.cli;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.train.Network;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.zoo.Architecture;
import org.jspecify.annotations.Nullable;

/** A model file of ours, a teacher or a student, whose header says which network it is. */
record SavedModel(String uri, Architecture architecture, int classes, Safetensors file) {

    /**
     * Reads a model file.
     *
     * @param classes how many the images have, for a file that does not say
     * @throws InvalidModelException if it does not say which network it is and no name is given
     */
    static SavedModel read(Configuration hadoop, String uri, @Nullable String model, int classes) throws IOException {
        Safetensors file = new ModelFiles(hadoop).read(new Path(uri));
        Map<String, String> header = file.metadata();
        String name = model == null ? header.get("model") : model;
        if (name == null) {
            throw new InvalidModelException("The model file " + uri
                    + " does not say which network it is; name it with --model, one of "
                    + String.join(", ", Architecture.modelNames()));
        }
        int ofHeader = Integer.parseInt(header.getOrDefault("classes", Integer.toString(classes)));
        return new SavedModel(uri, Architecture.named(name), ofHeader, file);
    }

    /** The network with the file's weights. */
    Network open() throws InvalidModelException {
        Network network = Network.forInference(architecture, classes);
        try {
            network.load(file.tensors(), uri);
            return network;
        } catch (InvalidModelException | RuntimeException e) {
            network.close();
            throw e;
        }
    }
}
