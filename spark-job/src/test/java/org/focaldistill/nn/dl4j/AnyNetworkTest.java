package org.focaldistill.nn.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.focaldistill.net.Network;
import org.focaldistill.net.NetworkBuilder;
import org.focaldistill.net.Operation.Convolution;
import org.focaldistill.nn.backend.KernelLibraries;
import org.focaldistill.nn.fold.FoldedNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Networks of random nodes, whose layouts nobody thought of: on oneDNN, with longer rows, planes and shared gradients, they give
 * what they give on ND4J's double operations, which have none of these.
 */
class AnyNetworkTest {
    /** Kinds of nodes; the first ones take planes. */
    private static final int ALL = 12;

    private static final Set<Integer> SUMS = Set.of(4, 5, 11);

    private static final int TAKE_PLANES = 7;

    private static final int SMALLEST_WIDTH = 12;
    /** In rows of 64 on oneDNN. */
    private static final int WIDTH = 60;
    /** Of 32 x 32 pixels of that width, so that oneDNN's library wants planes: little more than 10 MB of floats. */
    private static final int BATCH_OF_PLANES = 42;

    /** Small activations never lie in planes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void small_activations_are_computed_as_double_precision_does(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        assertSingleIsDouble(network(random, 6, 12, seed % 2 == 0 ? WIDTH : SMALLEST_WIDTH, ALL), 2, 6);
    }

    @ParameterizedTest
    @ValueSource(longs = {101, 102, 103, 104})
    void large_activations_in_planes_are_computed_as_double_precision_does(long seed) {
        Network network = network(new SplittableRandom(seed), 32, 8, WIDTH, TAKE_PLANES);
        Layouts layouts = Layouts.of(network);
        assertThat(network.nodes().stream().filter(node -> layouts.of(node).planes() > 1))
                .as("nodes that may lie in planes")
                .isNotEmpty();
        assertSingleIsDouble(network, BATCH_OF_PLANES, 32);
    }

    private static void assertSingleIsDouble(Network network, int batch, int size) {
        ComputationGraph single = Head.compile(network, DataType.FLOAT, 3);
        ComputationGraph exact = Head.compile(network, DataType.DOUBLE, 3);
        INDArray images = Nd4j.create(
                new SplittableRandom(batch)
                        .doubles((long) batch * size * size * 3, -1, 1)
                        .toArray(),
                new long[] {batch, size, size, 3},
                'c');
        // Twice: arrays that last from step to step hold what the first has left.
        gradient(single, images);
        INDArray found = gradient(single, images).castTo(DataType.DOUBLE);
        // Of the first of both steps what lasts is the running statistics, which the way forward moves.
        exact.output(true, images);
        INDArray expected = gradient(exact, images);
        assertClose("gradient", found, expected);
        try (FoldedNetwork folded =
                new FoldedNetwork(network, StateDict.tensors(single), KernelLibraries.choose(DataType.FLOAT))) {
            assertClose(
                    "logits",
                    folded.logits(images.castTo(DataType.FLOAT)).castTo(DataType.DOUBLE),
                    exact.outputSingle(images));
        }
    }

    private static INDArray gradient(ComputationGraph graph, INDArray images) {
        DataType type = graph.getConfiguration().getDataType();
        graph.setInputs(images.castTo(type));
        graph.setLabels(Nd4j.arange(images.size(0))
                .castTo(type)
                .reshape(images.size(0), 1)
                .fmodi(3));
        graph.computeGradientAndScore();
        return graph.gradient().gradient().dup();
    }

    /** A sum that is taken for zero by one precision and not by the other moves a gradient by less than that. */
    private static void assertClose(String what, INDArray found, INDArray expected) {
        double norm = expected.norm2Number().doubleValue();
        assertThat(norm).as(what).isPositive();
        assertThat(found.distance2(expected) / norm).as(what).isLessThan(5e-3);
    }

    /** Random nodes of one size and width; what is not read in the end is joined. */
    private static Network network(SplittableRandom random, int size, int nodes, int width, int kinds) {
        NetworkBuilder net = Head.ofImages(size, 3);
        List<String> all = new ArrayList<>();
        Set<String> unread = new HashSet<>();
        all.add(net.uniformConvolution("stem", net.input(), new Convolution(3, width, 1, 1, 0, 3)));
        unread.add("stem");
        for (int i = 0; i < nodes; i++) {
            String one = recent(random, all);
            String other = recent(random, all);
            String name = "n" + i;
            int kind = random.nextInt(kinds);
            add(net, kind, name, one, other, width);
            unread.remove(one);
            if (SUMS.contains(kind)) {
                unread.remove(other);
            }
            unread.add(name);
            all.add(name);
        }
        String last = null;
        for (String name : all) {
            if (unread.contains(name)) {
                last = last == null ? name : net.concatenation("with." + name, last, name);
            }
        }
        return Head.on(net, last, 3);
    }

    private static String recent(SplittableRandom random, List<String> all) {
        return all.get(Math.max(0, all.size() - 1 - random.nextInt(3)));
    }

    private static void add(NetworkBuilder net, int kind, String name, String one, String other, int width) {
        switch (kind) {
            case 0, 1 -> net.uniformConvolution(name, one, new Convolution(width, width, 1, 1, 0, 3));
            case 2 -> net.batchNorm(name, one);
            case 3 -> net.batchNormRelu(name, one);
            case 4, 5 -> net.addRelu(name, one, other);
            case 6 -> net.averagePool(name, one, 3, 1, 1);
            case 7 -> net.convolution(name, one, width, 3, 1, 1);
            case 8 -> net.shuffle(name, one, 3);
            case 9 -> net.uniformConvolution(name, one, new Convolution(width, width, 3, 1, 1, width));
            case 10 -> net.uniformConvolution(name, one, new Convolution(width, width, 3, 1, 1, 3));
            default -> net.sum(name, one, other);
        }
    }
}
