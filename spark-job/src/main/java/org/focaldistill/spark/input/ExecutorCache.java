package org.focaldistill.spark.input;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.data.InvalidDataException;
import org.focaldistill.spark.gpu.Engines;
import org.focaldistill.spark.gpu.TaskMemory;
import org.focaldistill.store.DataSetIndex;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.store.ShardStore;
import org.focaldistill.store.Split;
import org.focaldistill.train.Classifier;
import org.focaldistill.train.Engine;
import org.focaldistill.train.OnlineTeacher;
import org.focaldistill.train.TrainingData;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Safetensors;

/** What the tasks of one JVM share: images, loaded once, and teachers, each lent to one task at a time. */
public final class ExecutorCache {
    /** The one that tasks use. */
    public static final ExecutorCache OF_THIS_JVM = new ExecutorCache();

    static {
        TaskMemory.whenShort(OF_THIS_JVM::closeIdleTeachers);
    }

    private final Map<DataLocation, TrainingData> data = new ConcurrentHashMap<>();
    private final Map<TeacherKey, SharedTeacher> teachers = new ConcurrentHashMap<>();

    /** An engine may be replaced by another of its kind, with which its teachers go. */
    private record TeacherKey(TeacherLocation teacher, DataLocation data, Engine engine) {}

    /**
     * Images, for as long as this JVM lives.
     *
     * @throws InvalidDataException if they are not those of the location's hash
     * @throws IOException if they can not be read
     */
    public TrainingData data(DataLocation location, Configuration configuration) throws IOException {
        try {
            return data.computeIfAbsent(location, key -> load(key, configuration));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static TrainingData load(DataLocation location, Configuration configuration) {
        try {
            ShardStore store = new ShardStore(configuration, new Path(location.uri()));
            DataSetIndex index = store.index();
            if (!index.hash().equals(location.hash())) {
                throw new InvalidDataException("The data set in " + location.uri() + " has changed since the sweep was"
                        + " planned: its hash is " + index.hash() + ", expected " + location.hash());
            }
            return new TrainingData(
                    store.read(Split.TRAIN, location.trainImages()), store.read(Split.TEST, location.testImages()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Lends a teacher; closing the loan gives it back. Idle ones of other kinds are freed: each holds much memory.
     *
     * @param location the images it is to see
     * @throws InvalidModelException if its file does not hold the tensors of its hash
     * @throws IOException if it, or the images, can not be read
     */
    public Loan teacher(TeacherLocation teacher, DataLocation location, Configuration configuration)
            throws IOException {
        TrainingData images = data(location, configuration);
        Engine engine = Engines.of(teacher.computation());
        SharedTeacher shared =
                teachers.computeIfAbsent(new TeacherKey(teacher, location, engine), key -> new SharedTeacher());
        teachers.values().stream().filter(other -> other != shared).forEach(SharedTeacher::closeIdle);
        // Those of an engine that was replaced.
        teachers.keySet()
                .removeIf(key ->
                        key.engine() != engine && key.teacher().computation().equals(teacher.computation()));
        Classifier classifier = shared.idle.poll();
        if (classifier == null) {
            classifier = load(teacher, location, engine, configuration);
        }
        return new Loan(shared, classifier, new OnlineTeacher(classifier, images, shared.sets));
    }

    /** Frees teachers that no task has: with a bank they are rarely wanted. */
    public void closeIdleTeachers() {
        teachers.values().forEach(SharedTeacher::closeIdle);
    }

    private static Classifier load(
            TeacherLocation teacher, DataLocation location, Engine engine, Configuration configuration)
            throws IOException {
        Safetensors file = new ModelFiles(configuration).read(new Path(teacher.uri()));
        String hash = Safetensors.hash(file.tensors());
        if (!hash.equals(teacher.hash())) {
            throw new InvalidModelException("The teacher " + teacher.uri()
                    + " has changed since the sweep was planned: its hash is " + hash + ", expected "
                    + teacher.hash());
        }
        return engine.classifier(location.network(teacher.model()), file.tensors(), teacher.uri());
    }

    private static final class SharedTeacher {
        private final Queue<Classifier> idle = new ConcurrentLinkedQueue<>();
        private final OnlineTeacher.Sets sets = new OnlineTeacher.Sets();

        void closeIdle() {
            for (Classifier classifier = idle.poll(); classifier != null; classifier = idle.poll()) {
                classifier.close();
            }
        }
    }

    /** A teacher in one task's hands. */
    public static final class Loan implements AutoCloseable {
        private final SharedTeacher owner;
        private final Classifier classifier;
        private final OnlineTeacher teacher;
        private boolean givenBack;

        private Loan(SharedTeacher owner, Classifier classifier, OnlineTeacher teacher) {
            this.owner = owner;
            this.classifier = classifier;
            this.teacher = teacher;
        }

        /** It answers for the images it was lent with. */
        public OnlineTeacher teacher() {
            return teacher;
        }

        /** It, in evaluation mode. */
        public Classifier classifier() {
            return classifier;
        }

        /** Gives it back, once: given back twice, it would be lent to two tasks at a time. */
        @Override
        public void close() {
            if (!givenBack) {
                givenBack = true;
                owner.idle.add(classifier);
            }
        }
    }
}
