package org.focaldistill.train;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.focaldistill.nn.AddRelu;
import org.focaldistill.nn.Conv2d;
import org.focaldistill.nn.GlobalAveragePool;
import org.focaldistill.nn.Linear;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Trainers of a small network without batch norm, whatever the task asks for: the loss of a batch is then the mean of
 * the losses of its parts.
 */
public final class NetworksWithoutNorm {
    private NetworksWithoutNorm() {}

    public static TrialTrainer local() {
        return new LocalTrainer(NetworksWithoutNorm::network);
    }

    public static TrialTrainer averaging(int workers, int frequency, Rounds rounds) {
        return new AveragingTrainer(workers, frequency, rounds, NetworksWithoutNorm::network);
    }

    public static RoundWorker worker(TrainingTask task) {
        return new RoundWorker(network(task));
    }

    private static Network network(TrainingTask task) {
        return Network.create(
                task.architecture(),
                NetworksWithoutNorm::addTo,
                task.classes(),
                DataType.FLOAT,
                task.recipe(),
                task.loss(),
                task.initSeed());
    }

    private static String addTo(GraphBuilder graph, String images, int classes) {
        graph.addLayer("a", new Conv2d(3, 16, 3, 2, 1).asFirstLayer(), images);
        graph.addLayer("b", new Conv2d(3, 16, 3, 2, 1).asFirstLayer(), images);
        graph.addVertex("relu", new AddRelu(), "a", "b");
        graph.addLayer("avgpool", new GlobalAveragePool(), "relu");
        graph.addLayer("fc", new Linear(16, classes), "avgpool");
        return "fc";
    }
}
