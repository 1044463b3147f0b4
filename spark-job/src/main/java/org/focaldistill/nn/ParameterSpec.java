package org.focaldistill.nn;

import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One tensor of a layer, named and shaped as in PyTorch's state_dict.
 *
 * @param name the last part of the tensor's name, e.g. {@code weight}; in camelCase, since Deeplearning4j cuts names at the last
 *     underscore
 * @param shape its shape
 * @param trained whether the optimiser moves it; running statistics are not trained
 * @param initialisation its value in a new network
 */
record ParameterSpec(String name, long[] shape, boolean trained, Initialisation initialisation) {

    long length() {
        long length = 1;
        for (long extent : shape) {
            length *= extent;
        }
        return length;
    }

    /** The name's PyTorch spelling: {@code running_mean}. */
    String stateDictName() {
        StringBuilder snake = new StringBuilder();
        for (char c : name.toCharArray()) {
            if (Character.isUpperCase(c)) {
                snake.append('_');
            }
            snake.append(Character.toLowerCase(c));
        }
        return snake.toString();
    }

    /** The first values of a tensor. */
    interface Initialisation {
        void fill(INDArray tensor, RandomGenerator random);
    }

    static Initialisation constant(double value) {
        return (tensor, random) -> tensor.assign(value);
    }

    static Initialisation normal(double deviation) {
        return (tensor, random) -> {
            for (long i = 0; i < tensor.length(); i++) {
                tensor.data().put(i, random.nextGaussian() * deviation);
            }
        };
    }

    static Initialisation uniform(double bound) {
        return (tensor, random) -> {
            for (long i = 0; i < tensor.length(); i++) {
                tensor.data().put(i, random.nextDouble(-bound, bound));
            }
        };
    }
}
