package org.focaldistill.nn.dl4j;

import java.util.Map;
import org.focaldistill.data.TrainingOrder;
import org.focaldistill.net.Network;
import org.focaldistill.nn.backend.KernelLibraries;
import org.focaldistill.nn.backend.NativeNeeds;
import org.focaldistill.nn.backend.NativeRoom;
import org.focaldistill.train.Classifier;
import org.focaldistill.train.Engine;
import org.focaldistill.train.Student;
import org.focaldistill.train.Teacher;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Tensor;
import org.jspecify.annotations.Nullable;

/** Deeplearning4j on this process's ND4J backend, with kernels of ours where they are faster. */
public final class Dl4jEngine implements Engine {

    @Override
    public String kernels() {
        return KernelLibraries.name();
    }

    @Override
    public String description() {
        return KernelLibraries.backend() + ", " + KernelLibraries.description();
    }

    @Override
    public Student begin(
            TrainingTask task, TrainingData data, @Nullable Teacher teacher, TrialTrainer.LegControl control) {
        TrainingOrder order = task.order(data);
        NativeRoom.Share room = room(task, control);
        try {
            return new LocalStudent(GraphNetwork.of(task), room, task, data, order, teacher, control);
        } catch (RuntimeException | Error e) {
            room.close();
            throw e;
        }
    }

    private static NativeRoom.Share room(TrainingTask task, TrialTrainer.LegControl control) {
        if (!KernelLibraries.backend().startsWith("Cpu")) {
            return () -> {};
        }
        int batchSize = task.recipe().batchSize();
        return NativeRoom.OF_THIS_PROCESS.take(
                NativeNeeds.ofStudent(task.network(), batchSize),
                "a student of " + task.network().cost().parameters() + " weights in batches of " + batchSize,
                control::stopRequested);
    }

    @Override
    public Classifier classifier(Network network, Map<String, Tensor> tensors, String name)
            throws InvalidModelException {
        NetworkTensors.require(network, tensors, name);
        GraphNetwork graph = GraphNetwork.forInference(network);
        graph.load(tensors, name);
        return new GraphClassifier(graph);
    }
}
