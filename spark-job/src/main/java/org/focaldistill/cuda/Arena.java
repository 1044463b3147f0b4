package org.focaldistill.cuda;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.function.ToLongFunction;
import org.focaldistill.cuda.driver.Card;
import org.focaldistill.cuda.driver.CardGraph;
import org.focaldistill.cuda.driver.CardMemory;
import org.focaldistill.cuda.driver.CardStream;
import org.focaldistill.data.ImageSet;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.ParameterSpec;
import org.focaldistill.weights.Tensor;
import org.jspecify.annotations.Nullable;

/** A network of a program on a card: its tensors, and the images it is given. Belongs to one thread at a time. */
final class Arena implements AutoCloseable {
    private final Program program;
    private final CardImages images;
    private final Card card;
    private final Opened opened = new Opened();
    private final CardStream stream;
    private final CardMemory memory;
    private final Work work;
    private final @Nullable Epoch epoch;
    private final Runnable left;
    private @Nullable Evaluation evaluation;
    private boolean closed;

    /**
     * @param ofEpoch images of an epoch that it is to be given; 0 if it only classifies
     * @param ofTeacher bytes of a teacher's logits that it is to be given with them
     * @param left told when it is closed
     */
    Arena(
            Card card,
            StepKernels kernels,
            CardImages images,
            Program program,
            int ofEpoch,
            long ofTeacher,
            Runnable left) {
        this.left = left;
        this.card = card;
        this.program = program;
        this.images = images;
        try {
            stream = opened.add(card.stream());
            kernels.images().load(program.network().normalisation(), stream);
            memory = opened.add(card.allocate(program.size()));
            stream.clear(memory, 0, program.size());
            work = new Work(kernels, stream, opened.add(new Arenas(card, stream, memory)));
            epoch = ofEpoch == 0 ? null : epochOf(ofEpoch, ofTeacher);
        } catch (RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    Program program() {
        return program;
    }

    CardMemory memory() {
        return memory;
    }

    /** Copies of tensors, or of their velocities. */
    Map<String, Tensor> read(List<ParameterSpec> specs, ToLongFunction<String> offset) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (ParameterSpec spec : specs) {
            float[] values = stream.floats(memory, offset.applyAsLong(spec.name()), spec.length());
            tensors.put(spec.name(), new Tensor(spec.shape().clone(), TensorTable.fromCard(spec, values)));
        }
        return tensors;
    }

    /** Loads tensors, or velocities, that were checked. */
    void write(List<ParameterSpec> specs, ToLongFunction<String> offset, Map<String, Tensor> tensors) {
        for (ParameterSpec spec : specs) {
            Tensor tensor = Objects.requireNonNull(tensors.get(spec.name()), spec.name());
            stream.upload(TensorTable.toCard(spec, tensor.values()), memory, offset.applyAsLong(spec.name()));
        }
    }

    /**
     * Gives it a teacher's logits for an epoch.
     *
     * @param inOrder {@code [images of the epoch, classes]}; none where it is empty
     */
    Head.Taught teach(float[] inOrder) {
        if (inOrder.length == 0) {
            return Head.Taught.NOT;
        }
        stream.upload(inOrder, teacherRoom(), 0);
        return new Head.Taught(teacherRoom().address(), 0);
    }

    /**
     * Gives it a teacher's logits for an epoch.
     *
     * @param page halves {@code [images, classes]} of all images of the set
     */
    Head.Taught teach(short[] page) {
        stream.upload(page, teacherRoom(), 0);
        return new Head.Taught(0, teacherRoom().address());
    }

    private CardMemory teacherRoom() {
        return Objects.requireNonNull(Objects.requireNonNull(epoch, "It only classifies").teacher, "It has no teacher");
    }

    /**
     * Gives it an epoch.
     *
     * @param indices the images in their order, no more than there is room for
     * @param teacher what it was taught for it
     */
    void give(
            ImageSet set,
            int[] indices,
            IntUnaryOperator view,
            Head.Taught teacher,
            LossSettings loss,
            Head.Update update) {
        requireSize(set);
        Epoch room = Objects.requireNonNull(epoch, "It only classifies");
        stream.upload(indices, room.order, 0);
        stream.upload(ofIndices(indices, view), room.views, 0);
        Head.Epoch given =
                new Head.Epoch(room.order.address(), room.views.address(), teacher, indices.length, program.batch(), 0);
        stream.upload(new Head(images.of(set, stream), given, loss, update).bytes(), memory, 0);
    }

    /** Room for what an epoch consists of. */
    private record Epoch(
            CardMemory order, CardMemory views, @Nullable CardMemory teacher) {}

    private Epoch epochOf(int images, long ofTeacher) {
        return new Epoch(
                opened.add(card.allocate((long) images * Integer.BYTES)),
                opened.add(card.allocate(images)),
                ofTeacher > 0 ? opened.add(card.allocate(ofTeacher)) : null);
    }

    /** Steps of the epoch that were made, and whether the student stopped at the next. */
    record Progress(int made, boolean stopped) {}

    Progress progress() {
        int[] read = stream.ints(memory, Head.STEP, 2);
        return new Progress(read[0], read[1] != 0);
    }

    /** The log of steps, {@code [steps, LOGGED]}. */
    float[] log(int steps) {
        return stream.floats(memory, program.log(), steps * Program.LOGGED);
    }

    /** Logits of images, {@code [indices, classes]}. */
    double[] logits(ImageSet set, int[] indices, IntUnaryOperator view) {
        int classes = program.network().classes();
        double[] logits = new double[indices.length * classes];
        if (indices.length == 0) {
            return logits;
        }
        Evaluation evaluation = evaluationOf(indices.length);
        evaluation.give(set, indices, view);
        for (int from = 0; from < indices.length; from += program.batch()) {
            int size = Math.min(program.batch(), indices.length - from);
            stream.launch(evaluation.step);
            float[] computed = stream.floats(memory, program.logits(), size * classes);
            for (int i = 0; i < computed.length; i++) {
                logits[from * classes + i] = computed[i];
            }
        }
        return logits;
    }

    /** One that has room for so many images; kept for the next time. */
    private Evaluation evaluationOf(int images) {
        Evaluation there = evaluation;
        if (there != null && there.capacity >= images) {
            return there;
        }
        if (there != null) {
            evaluation = null;
            there.close();
        }
        Evaluation made = new Evaluation(images);
        evaluation = made;
        return made;
    }

    /** What evaluating takes beside the arena: which images are to be seen as what, and a step recorded once. */
    private final class Evaluation implements AutoCloseable {
        private final Opened opened = new Opened();
        private final int capacity;
        private final CardMemory order;
        private final CardMemory views;
        private final CardGraph step;

        Evaluation(int capacity) {
            this.capacity = capacity;
            try {
                order = opened.add(card.allocate((long) capacity * Integer.BYTES));
                views = opened.add(card.allocate(capacity));
                step = opened.add(stream.record(() -> program.evaluate(work)));
            } catch (RuntimeException | Error e) {
                opened.close();
                throw e;
            }
        }

        void give(ImageSet set, int[] indices, IntUnaryOperator view) {
            requireSize(set);
            stream.upload(indices, order, 0);
            stream.upload(ofIndices(indices, view), views, 0);
            Head.Epoch epoch = new Head.Epoch(
                    order.address(), views.address(), Head.Taught.NOT, indices.length, program.batch(), 0);
            LossSettings unused = LossSettings.of(LossWeights.CROSS_ENTROPY);
            Head.Update none = new Head.Update(0, 0, 0);
            stream.upload(new Head(images.of(set, stream), epoch, unused, none).bytes(), memory, 0);
        }

        @Override
        public void close() {
            opened.close();
        }
    }

    /** The kernel would read other pixels, without a word. */
    private void requireSize(ImageSet set) {
        int side = program.network().imageInput().side();
        if (set.side() != side) {
            throw new IllegalArgumentException(
                    "The network is for images of " + side + " rows, these have " + set.side());
        }
    }

    private static byte[] ofIndices(int[] indices, IntUnaryOperator view) {
        byte[] views = new byte[indices.length];
        for (int i = 0; i < indices.length; i++) {
            views[i] = (byte) view.applyAsInt(indices[i]);
        }
        return views;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Evaluation there = evaluation;
            if (there != null) {
                there.close();
            }
            opened.close();
        } finally {
            left.run();
        }
    }
}
