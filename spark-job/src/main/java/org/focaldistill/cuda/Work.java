package org.focaldistill.cuda;

import org.focaldistill.cuda.driver.CardStream;
import org.focaldistill.cuda.driver.Kernel;

/** Launches kernels for some students on a stream. */
final class Work {
    private static final int VALUES_PER_BLOCK = 256;

    private final StepKernels kernels;
    private final CardStream stream;
    private final Arenas students;

    Work(StepKernels kernels, CardStream stream, Arenas students) {
        this.kernels = kernels;
        this.stream = stream;
        this.students = students;
    }

    StepKernels kernels() {
        return kernels;
    }

    CardStream stream() {
        return stream;
    }

    Arenas students() {
        return students;
    }

    Arguments arguments() {
        return new Arguments(students);
    }

    /** Blocks for one dimension of work, and the students. */
    void launch(String kernel, int blocks, int threads, Arguments arguments) {
        launch(kernel, new Kernel.Grid(blocks, students.count(), 1), threads, arguments);
    }

    /** Blocks for two dimensions of work, and the students. */
    void launch(String kernel, int blocks, int across, int threads, Arguments arguments) {
        launch(kernel, new Kernel.Grid(blocks, across, students.count()), threads, arguments);
    }

    /** A thread for each value. */
    void forEach(String kernel, long values, Arguments arguments) {
        launch(kernel, blocks(values, VALUES_PER_BLOCK), VALUES_PER_BLOCK, arguments);
    }

    private void launch(String kernel, Kernel.Grid grid, int threads, Arguments arguments) {
        stream.launch(kernels.kernel(kernel), grid, threads, arguments.toArray());
    }

    /** How many blocks there are for so many pieces. */
    static int blocks(long pieces, int piecesOfBlock) {
        return Math.toIntExact((pieces + piecesOfBlock - 1) / piecesOfBlock);
    }
}
