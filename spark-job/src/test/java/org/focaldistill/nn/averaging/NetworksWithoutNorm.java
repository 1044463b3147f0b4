package org.focaldistill.nn.averaging;

import org.focaldistill.net.Network;
import org.focaldistill.net.NetworkBuilder;
import org.focaldistill.nn.dl4j.Dl4jEngine;
import org.focaldistill.train.Students;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.train.Workers;
import org.focaldistill.zoo.Architecture;

/**
 * Trainers of a small network without batch norm, whatever the task asks for: the loss of a batch is then the mean of
 * the losses of its parts.
 */
public final class NetworksWithoutNorm {
    private NetworksWithoutNorm() {}

    public static TrialTrainer local() {
        return trainer(new Dl4jEngine());
    }

    public static TrialTrainer averaging(int workers, int frequency, Rounds rounds) {
        return trainer(new ParameterAveraging(workers, frequency, rounds));
    }

    /** On some engine. */
    public static TrialTrainer trainer(Students students) {
        return new TrialTrainer((task, data, teacher, control) -> students.begin(of(task), data, teacher, control));
    }

    public static RoundWorker worker(TrainingTask task) {
        return RoundWorker.onGraph(of(task));
    }

    public static RoundWorker worker(
            Workers engine, TrainingTask task, TrainingData data, TrialTrainer.LegControl control) {
        return RoundWorker.on(engine, of(task), data, control);
    }

    private static TrainingTask of(TrainingTask task) {
        return new TrainingTask(
                network(task.network().classes()),
                task.loss(),
                task.recipe(),
                task.validationImages(),
                task.dataSeed(),
                task.initSeed());
    }

    private static Network network(int classes) {
        NetworkBuilder net = new NetworkBuilder(
                "images", Architecture.RESNET8.network(classes).images());
        String a = net.convolution("a", net.input(), 16, 3, 2, 1);
        String b = net.convolution("b", net.input(), 16, 3, 2, 1);
        String pooled = net.globalAveragePool("avgpool", net.addRelu("relu", a, b));
        net.linear("fc", pooled, classes);
        return net.build();
    }
}
