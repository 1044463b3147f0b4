package org.focaldistill.spark.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.spark.bank.Bank;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.store.BankKey;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.sweep.Computation;
import org.focaldistill.train.TeacherLogits;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;

/** Teachers of random weights, each made when first asked for. */
public final class BenchmarkTeachers {
    private final SparkCluster cluster;
    private final DataLocation data;
    private final String folder;
    private final Computation computation;
    private final Map<String, Bank> banks = new LinkedHashMap<>();

    /**
     * @param data the images they are to see
     * @param folder for teachers and banks; to be deleted afterwards
     * @param computation what runs them, and trains their students
     */
    public BenchmarkTeachers(SparkCluster cluster, DataLocation data, String folder, Computation computation) {
        this.cluster = cluster;
        this.data = data;
        this.folder = folder;
        this.computation = computation;
    }

    /** What runs them, and trains their students. */
    Computation computation() {
        return computation;
    }

    /** The bank of a teacher, without any file as yet. */
    Bank bank(String model) throws IOException {
        Bank bank = banks.get(model);
        if (bank == null) {
            DataLocation images = data;
            String uri = new Path(folder, model + ".safetensors").toString();
            String hash = cluster.run(
                    "benchmark",
                    "make teacher " + model,
                    (configuration, unused) -> makeTeacher(uri, images, model, configuration));
            BankKey key = new BankKey(
                    new Path(folder, "bank").toString(),
                    model,
                    hash,
                    data.hash(),
                    data.classes(),
                    TeacherLogits.scheme(data.images()),
                    true);
            bank = new Bank(key, new TeacherLocation(uri, model, hash, computation), data);
            banks.put(model, bank);
        }
        return bank;
    }

    /**
     * A teacher of random weights, which is as fast as a trained one. Its output layer is zero: an untrained deep network
     * has outputs that no half holds.
     */
    private static String makeTeacher(String uri, DataLocation data, String model, Configuration configuration)
            throws IOException {
        Map<String, Tensor> tensors = NetworkTensors.initial(data.network(model), 0);
        tensors.replaceAll((name, tensor) -> name.matches("(fc|linear)\\..*")
                ? new Tensor(tensor.shape(), new float[tensor.values().length])
                : tensor);
        new ModelFiles(configuration).replace(new Path(uri), new Safetensors(tensors, Map.of()));
        return Safetensors.hash(tensors);
    }
}
