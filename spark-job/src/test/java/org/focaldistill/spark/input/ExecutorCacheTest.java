package org.focaldistill.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.InvalidDataException;
import org.focaldistill.store.DataSetIndex;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.store.ShardStore;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutorCacheTest {
    private static final Configuration HADOOP = new Configuration();

    @TempDir
    static Path inputs;

    private static DataLocation data;
    private static TeacherLocation teacher;

    private final ExecutorCache cache = new ExecutorCache();

    @BeforeAll
    static void makeImagesAndATeacher() throws IOException {
        org.apache.hadoop.fs.Path shards = hadoop("data");
        DataSetIndex index = new ShardStore(HADOOP, shards).write(GeneratedImages.generate(20, 5, 2), 20);
        data = new DataLocation(shards.toString(), index.hash(), index.classes(), 20, 5);
        Safetensors model =
                new Safetensors(NetworkTensors.initial(Architecture.RESNET8.network(index.classes()), 0), Map.of());
        new ModelFiles(HADOOP).replace(hadoop("teacher.safetensors"), model);
        teacher = new TeacherLocation(
                hadoop("teacher.safetensors").toString(), "resnet8", Safetensors.hash(model.tensors()));
    }

    private static org.apache.hadoop.fs.Path hadoop(String name) {
        return new org.apache.hadoop.fs.Path(inputs.resolve(name).toUri());
    }

    private ExecutorCache.Loan lend() throws IOException {
        return cache.teacher(teacher, data, HADOOP);
    }

    @Test
    void a_teacher_that_was_given_back_is_lent_again() throws IOException {
        ExecutorCache.Loan first = lend();
        first.close();
        try (ExecutorCache.Loan second = lend()) {
            assertThat(second.classifier()).isSameAs(first.classifier());
        }
    }

    @Test
    void a_teacher_given_back_twice_is_lent_to_one_task_at_a_time() throws IOException {
        ExecutorCache.Loan loan = lend();
        loan.close();
        loan.close();
        try (ExecutorCache.Loan one = lend();
                ExecutorCache.Loan other = lend()) {
            assertThat(other.classifier()).isNotSameAs(one.classifier());
        }
    }

    @Test
    void images_are_loaded_once_and_refused_where_they_are_others() throws IOException {
        assertThat(cache.data(data, HADOOP)).isSameAs(cache.data(data, HADOOP));
        DataLocation changed = new DataLocation(data.uri(), "another hash", data.classes(), 20, 5);
        assertThatThrownBy(() -> cache.data(changed, HADOOP))
                .isInstanceOf(InvalidDataException.class)
                .hasMessageContaining("has changed since the sweep was planned");
    }

    @Test
    void a_teacher_of_other_weights_is_refused() {
        TeacherLocation changed = new TeacherLocation(teacher.uri(), "resnet8", "another hash");
        assertThatThrownBy(() -> cache.teacher(changed, data, HADOOP))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("its hash is " + teacher.hash() + ", expected another hash");
    }
}
