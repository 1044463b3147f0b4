package org.focaldistill.nn.dl4j;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.nn.backend.KernelLibraries;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.zoo.Architecture;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * Training steps of resnet20, batch 64: this project's layers beside Deeplearning4j's stock layers, alternating in one
 * run. MEASURED.md has the command.
 */
final class StepBenchmark {
    private static final int BATCH = 64;
    private static final int ROUNDS = 3;

    private StepBenchmark() {}

    public static void main(String[] args) {
        Nd4j.getRandom().setSeed(1);
        INDArray images = Nd4j.rand(DataType.FLOAT, BATCH, 32, 32, 3);
        INDArray labels = Nd4j.create(DataType.FLOAT, BATCH, 1);
        INDArray oneHot = Nd4j.create(DataType.FLOAT, BATCH, 100);
        for (int i = 0; i < BATCH; i++) {
            labels.putScalar(i, 0, i);
            oneHot.putScalar(i, i, 1);
        }
        Recipe recipe = new Recipe(1, BATCH, 0.05, 0.9, 5e-4, List.of(), 1);
        try (GraphNetwork ours = GraphNetwork.create(
                Architecture.RESNET20.network(100),
                DataType.FLOAT,
                recipe,
                LossSettings.of(LossWeights.CROSS_ENTROPY),
                1)) {
            ComputationGraph stock = stockResNet20();
            INDArray planes = images.permute(0, 3, 1, 2).dup('c');
            double[] ourRates = new double[ROUNDS];
            double[] stockRates = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                ourRates[round] = imagesPerSecond(() -> ours.step(images, labels), 20);
                stockRates[round] =
                        imagesPerSecond(() -> stock.fit(new INDArray[] {planes}, new INDArray[] {oneHot}), 3);
            }
            print(ourRates, stockRates);
        }
    }

    private static double imagesPerSecond(Runnable step, int steps) {
        step.run();
        long[] nanos = new long[steps];
        for (int i = 0; i < steps; i++) {
            long start = System.nanoTime();
            step.run();
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return BATCH * 1e9 / nanos[steps / 2];
    }

    private static void print(double[] ours, double[] stock) {
        Arrays.sort(ours);
        Arrays.sort(stock);
        System.out.printf(Locale.ROOT, "resnet20 training, batch %d, %s%n", BATCH, KernelLibraries.description());
        System.out.printf(Locale.ROOT, "FocalDistill layers  %7.1f images/s%n", ours[ROUNDS / 2]);
        System.out.printf(Locale.ROOT, "stock DL4J layers    %7.1f images/s%n", stock[ROUNDS / 2]);
        System.out.printf(Locale.ROOT, "ratio                %7.1f%n", ours[ROUNDS / 2] / stock[ROUNDS / 2]);
    }

    /** What a Deeplearning4j user would write. */
    private static ComputationGraph stockResNet20() {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Nesterovs(0.05, 0.9))
                .l2(5e-4)
                .graphBuilder()
                .addInputs("images")
                .setInputTypes(InputType.convolutional(32, 32, 3, CNN2DFormat.NCHW));
        String x = relu(graph, "stem", conv(graph, "stem", "images", 16, 3, 1));
        int in = 16;
        for (int out : new int[] {16, 32, 64}) {
            for (int i = 0; i < 3; i++) {
                String name = "w" + out + "b" + i;
                int stride = in == out ? 1 : 2;
                String y = relu(graph, name + "a", conv(graph, name + "a", x, out, 3, stride));
                y = conv(graph, name + "b", y, out, 3, 1);
                String shortcut = in == out ? x : conv(graph, name + "s", x, out, 1, stride);
                graph.addVertex(name + "sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), y, shortcut);
                x = relu(graph, name, name + "sum");
                in = out;
            }
        }
        graph.addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), x);
        graph.addLayer(
                "fc",
                new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(100)
                        .build(),
                "pool");
        ComputationGraph network = new ComputationGraph(graph.setOutputs("fc").build());
        network.init();
        return network;
    }

    private static String conv(GraphBuilder graph, String name, String from, int out, int kernel, int stride) {
        graph.addLayer(
                name + "conv",
                new ConvolutionLayer.Builder(kernel, kernel)
                        .nOut(out)
                        .stride(stride, stride)
                        .padding(kernel / 2, kernel / 2)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build(),
                from);
        graph.addLayer(name + "bn", new BatchNormalization(), name + "conv");
        return name + "bn";
    }

    private static String relu(GraphBuilder graph, String name, String from) {
        graph.addLayer(
                name + "relu",
                new ActivationLayer.Builder().activation(Activation.RELU).build(),
                from);
        return name + "relu";
    }
}
