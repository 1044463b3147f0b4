package org.focaldistill.spark.averaging;

import java.io.IOException;
import org.apache.spark.TaskContext;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.focaldistill.nn.averaging.BatchRange;
import org.focaldistill.nn.averaging.TrainingBatches;
import org.focaldistill.nn.dl4j.LabelledBatch;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Makes a training's batches inside a task, of the images and teacher logits that the executor has. Deeplearning4j sends it
 * "paths", which say where in the training's order a batch is.
 */
final class BatchLoader implements MultiDataSetLoader {
    private static final long serialVersionUID = 1;

    private final BatchSource source;
    private final SerializableConfiguration configuration;
    private transient @Nullable TrainingBatches batches;

    BatchLoader(BatchSource source, SerializableConfiguration configuration) {
        this.source = source;
        this.configuration = configuration;
    }

    /** {@code epoch/from/to}: Deeplearning4j takes it for a file's name, but does not open it. */
    static String path(BatchRange range) {
        return range.epoch() + "/" + range.from() + "/" + range.to();
    }

    static BatchRange range(String path) {
        String[] parts = path.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("A batch is epoch/from/to, found " + path);
        }
        return new BatchRange(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    @Override
    public MultiDataSet load(Source place) throws IOException {
        if (batches == null) {
            batches = source.open(configuration.value(), TaskContext.get());
        }
        LabelledBatch batch = batches.of(range(place.getPath()));
        return new org.nd4j.linalg.dataset.MultiDataSet(
                new INDArray[] {batch.images()}, new INDArray[] {batch.labels()});
    }
}
