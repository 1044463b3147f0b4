package org.focaldistill.nn.fold;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.focaldistill.net.FoldedWeights;
import org.focaldistill.net.Network;
import org.focaldistill.net.Node;
import org.focaldistill.net.Operation;
import org.focaldistill.net.Operation.BatchNormalisation;
import org.focaldistill.net.Operation.Convolution;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.AddReluKernel;
import org.focaldistill.nn.BatchNormKernel;
import org.focaldistill.nn.BatchNormShape;
import org.focaldistill.nn.ConcatKernel;
import org.focaldistill.nn.ConvolutionShape;
import org.focaldistill.nn.FixedMapKernel;
import org.focaldistill.nn.FoldedConvolutionKernel;
import org.focaldistill.nn.Kernel;
import org.focaldistill.nn.KernelLibrary;
import org.focaldistill.nn.PoolShape;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The steps a {@link FoldedNetwork} takes for one batch size, and the memory they share. */
final class FoldedPlan implements AutoCloseable {
    private final Network network;
    private final Map<String, INDArray> tensors;
    private final KernelLibrary library;
    private final ResultMemory memory;
    private final Set<String> done = new HashSet<>();
    private final List<Runnable> steps = new ArrayList<>();
    private final List<Kernel> kernels = new ArrayList<>();
    private final INDArray input;
    private final INDArray output;

    FoldedPlan(Network network, Map<String, INDArray> tensors, KernelLibrary library, ActivationShape images) {
        this.network = network;
        this.tensors = tensors;
        this.library = library;
        memory = new ResultMemory(tensors.values().iterator().next().dataType(), library.wantsAligned());
        input = memory.put(network.input(), uses(network.input()), images.nhwc());
        try {
            planAll();
            output = memory.get(network.output().name());
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void planAll() {
        for (Node node : network.nodes()) {
            if (!done.contains(node.name())) {
                plan(node);
            }
        }
    }

    INDArray run(INDArray images) {
        input.assign(images);
        steps.forEach(Runnable::run);
        return output;
    }

    private void plan(Node node) {
        if (node.operation() instanceof Convolution convolution) {
            planConvolution(node, convolution);
        } else if (node.operation() instanceof Operation.Sum sum) {
            planSum(node, sum);
        } else if (node.operation() instanceof Operation.Concatenation) {
            planConcatenation(node);
        } else {
            planOne(node, memory.get(node.input()));
        }
        done.add(node.name());
    }

    private void planSum(Node node, Operation.Sum sum) {
        INDArray first = memory.get(node.input());
        INDArray second = memory.get(node.inputs().get(1));
        INDArray result = result(node, ActivationShape.of(first));
        if (sum.relu()) {
            AddReluKernel kernel = keep(library.addRelu(ActivationShape.of(first)));
            steps.add(() -> kernel.forward(first, second, result));
        } else {
            steps.add(() -> first.addi(second, result));
        }
        node.inputs().forEach(memory::used);
    }

    private void planConcatenation(Node node) {
        INDArray first = memory.get(node.input());
        INDArray second = memory.get(node.inputs().get(1));
        ActivationShape shape = ActivationShape.of(first);
        ActivationShape other = ActivationShape.of(second);
        INDArray result =
                result(node, shape.batch(), shape.height(), shape.width(), shape.channels() + other.channels());
        ConcatKernel kernel = keep(library.concat(shape, other, ActivationShape.of(result)));
        steps.add(() -> kernel.forward(first, second, result));
        node.inputs().forEach(memory::used);
    }

    private void planOne(Node node, INDArray source) {
        Operation operation = node.operation();
        String from = node.input();
        if (operation instanceof Operation.Product product) {
            INDArray result = result(node, source.size(0), product.out());
            INDArray weight = tensor(node, "weight").dup('c').transpose();
            INDArray bias = tensor(node, "bias").dup('c');
            steps.add(() -> source.mmuli(weight, result).addiRowVector(bias));
        } else if (operation instanceof Operation.ImageMean) {
            planMean(node, source);
        } else if (operation instanceof Operation.WindowMean mean) {
            PoolShape shape = new PoolShape(ActivationShape.of(source), mean.window());
            map(source, result(node, shape.output()), library.averagePool(shape));
        } else if (operation instanceof Operation.Shuffle shuffle) {
            ActivationShape shape = ActivationShape.of(source);
            map(source, result(node, shape), library.shuffle(shape, shuffle.groups()));
        } else if (operation instanceof BatchNormalisation norm) {
            planNorm(node, norm, source);
        } else {
            throw unknown(node);
        }
        memory.used(from);
    }

    private void planMean(Node node, INDArray source) {
        ActivationShape shape = ActivationShape.of(source);
        INDArray result = result(node, shape.batch(), shape.channels());
        INDArray pixels = source.reshape('c', shape.batch(), shape.height() * shape.width(), shape.channels());
        steps.add(() -> pixels.mean(result, 1));
    }

    private void map(INDArray source, INDArray result, FixedMapKernel kernel) {
        keep(kernel);
        steps.add(() -> kernel.forward(source, result));
    }

    /** A batch norm that could not be folded, most often because it is behind a sum, which has no weights. */
    private void planNorm(Node node, BatchNormalisation norm, INDArray source) {
        INDArray parameters = Nd4j.concat(
                0,
                tensor(node, "weight"),
                tensor(node, "bias"),
                tensor(node, "running_mean"),
                tensor(node, "running_var"));
        BatchNormKernel kernel = keep(library.batchNorm(new BatchNormShape(ActivationShape.of(source), norm.relu())));
        INDArray result = result(node, ActivationShape.of(source));
        steps.add(() -> kernel.infer(source, parameters, result));
    }

    /** A convolution with the batch norm and the sum behind it, as far as nothing else sees what is in between. */
    private void planConvolution(Node node, Convolution convolution) {
        String from = node.input();
        INDArray source = memory.get(from);
        ConvolutionShape shape = ConvolutionShape.of(ActivationShape.of(source), convolution);
        Node last = node;
        boolean relu = false;
        FoldedWeights weights = FoldedWeights.plain(values(node, "weight"), convolution.outChannels());
        Node norm = onlyFollower(last);
        if (norm != null && norm.operation() instanceof BatchNormalisation n) {
            FoldedWeights folded = fold(node, norm);
            if (folded.fitFloats()) {
                weights = folded;
                relu = n.relu();
                last = norm;
                done.add(norm.name());
            }
        }
        String other = relu ? null : addend(last, from);
        if (other != null) {
            last = Objects.requireNonNull(onlyFollower(last));
            relu = ((Operation.Sum) last.operation()).relu();
            done.add(last.name());
        }
        INDArray result =
                other == null ? result(last, shape.output()) : memory.takeOver(other, last.name(), uses(last.name()));
        FoldedConvolutionKernel kernel = keep(library.foldedConvolution(
                shape,
                array(weights.weight(), shape.weights()),
                array(weights.bias(), shape.outChannels()),
                new FoldedConvolutionKernel.Tail(other != null, relu)));
        steps.add(() -> kernel.run(source, result));
        memory.used(from);
    }

    private FoldedWeights fold(Node convolution, Node norm) {
        return FoldedWeights.of(
                values(convolution, "weight"),
                values(norm, "weight"),
                values(norm, "bias"),
                values(norm, "running_mean"),
                values(norm, "running_var"));
    }

    /** What a node's result can be added to in place: the sum's other input, if it is there and not needed again. */
    private @Nullable String addend(Node node, String source) {
        Node sum = onlyFollower(node);
        if (sum == null || !(sum.operation() instanceof Operation.Sum)) {
            return null;
        }
        String first = sum.inputs().get(0);
        String other = first.equals(node.name()) ? sum.inputs().get(1) : first;
        return memory.isLastUse(other) && !other.equals(source) ? other : null;
    }

    private @Nullable Node onlyFollower(Node node) {
        List<Node> all = network.readers(node.name());
        return all.size() == 1 ? all.get(0) : null;
    }

    private int uses(String name) {
        return network.readers(name).size();
    }

    private INDArray result(Node node, ActivationShape shape) {
        return result(node, shape.extents());
    }

    private INDArray result(Node node, long... shape) {
        return memory.put(node.name(), uses(node.name()), shape);
    }

    private INDArray tensor(Node node, String name) {
        String full = node.name() + "." + name;
        return Objects.requireNonNull(tensors.get(full), full);
    }

    private double[] values(Node node, String name) {
        return tensor(node, name).dup('c').data().asDouble();
    }

    private INDArray array(double[] values, long... shape) {
        return Nd4j.create(values, shape, 'c').castTo(input.dataType());
    }

    private <K extends Kernel> K keep(K kernel) {
        kernels.add(kernel);
        return kernel;
    }

    private static IllegalArgumentException unknown(Node node) {
        return new IllegalArgumentException("Cannot evaluate " + node);
    }

    @Override
    public void close() {
        kernels.forEach(Kernel::close);
        memory.close();
    }
}
