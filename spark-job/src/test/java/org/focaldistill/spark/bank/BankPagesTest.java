package org.focaldistill.spark.bank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ViewedImages;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.NoRetryException;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.ExecutorCache;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.store.BankFiles;
import org.focaldistill.store.BankKey;
import org.focaldistill.store.DataSetIndex;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.store.ShardStore;
import org.focaldistill.sweep.Computation;
import org.focaldistill.train.TrainingData;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bank as tasks use it, with a real teacher and real files. */
class BankPagesTest {
    private static final Configuration HADOOP = new Configuration();
    private static final ViewedImages SET = new ViewedImages.AtPosition(11, 50);

    @TempDir
    static Path inputs;

    private static DataLocation data;
    private static TeacherLocation teacher;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeImagesAndATeacher() throws IOException {
        org.apache.hadoop.fs.Path shards =
                new org.apache.hadoop.fs.Path(inputs.resolve("data").toUri());
        DataSetIndex index = new ShardStore(HADOOP, shards).write(GeneratedImages.generate(50, 10, 2), 50);
        data = new DataLocation(shards.toString(), index.hash(), index.classes(), 50, 10);
        org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(
                inputs.resolve("teacher.safetensors").toUri());
        Safetensors model = new Safetensors(tensors(index.classes()), Map.of());
        new ModelFiles(HADOOP).replace(file, model);
        teacher = new TeacherLocation(file.toString(), "resnet8", Safetensors.hash(model.tensors()));
    }

    /** A teacher that one test has loaded would hide from another that its file is gone. */
    @AfterEach
    void forgetTeachers() {
        ExecutorCache.OF_THIS_JVM.closeIdleTeachers();
    }

    private static Map<String, Tensor> tensors(int classes) {
        return NetworkTensors.initial(Architecture.RESNET8.network(classes), 0);
    }

    private Bank bank() {
        return bank(teacher.hash());
    }

    private Bank bank(String teacherHash) {
        BankKey key =
                new BankKey(folder.toUri().toString(), "resnet8", teacherHash, data.hash(), data.classes(), "s", true);
        return new Bank(key, teacher, data);
    }

    /** As a JVM that has read nothing yet gets it. */
    private BankPages.Page page(Bank bank) throws IOException {
        return new BankPages(new ExecutorCache()).page(bank, SET, HADOOP, () -> false);
    }

    private Path file() throws IOException {
        return Path.of(new BankFiles(HADOOP, bank().key()).file(SET).toUri().getPath());
    }

    @Test
    void a_jvm_reads_the_images_once_for_all_its_trials() throws IOException {
        ExecutorCache cache = new ExecutorCache();
        TrainingData first = cache.data(data, HADOOP);
        DataLocation ofAnotherTask =
                new DataLocation(data.uri(), data.hash(), data.classes(), data.trainImages(), data.testImages());

        assertThat(cache.data(ofAnotherTask, HADOOP)).isSameAs(first);
    }

    @Test
    void a_missing_file_is_made_and_then_read() throws IOException {
        BankPages.Page made = page(bank());
        assertThat(made.made()).isTrue();
        BankPages.Page read = page(bank());
        assertThat(read.made()).isFalse();
        assertThat(read.logits().values()).containsExactly(made.logits().values());
    }

    @Test
    void logits_that_half_precision_does_not_hold_are_refused_for_good() throws IOException {
        Path file = inputs.resolve("loud.safetensors");
        Map<String, Tensor> tensors = tensors(data.classes());
        float[] bias = new float[data.classes()];
        bias[3] = 70_000;
        tensors.put("fc.bias", new Tensor(new long[] {bias.length}, bias));
        String uri = file.toUri().toString();
        new ModelFiles(HADOOP).replace(new org.apache.hadoop.fs.Path(uri), new Safetensors(tensors, Map.of()));
        String hash = Safetensors.hash(tensors);
        Bank loud = new Bank(bank(hash).key(), new TeacherLocation(uri, "resnet8", hash), data);

        try (SparkCluster cluster = SparkCluster.start("bank")) {
            BankFiller filler = new BankFiller(cluster, new Console(System.out, false), event -> {});
            assertThatThrownBy(() -> filler.fill(loud, List.of(SET)))
                    .isInstanceOf(NoRetryException.class)
                    .hasMessageContainingAll(SET.name(), "teacher.bankPrecision");
        }
    }

    private enum Damage {
        CUT,
        CHANGED,
        EMPTY,
        OF_ANOTHER_TEACHER,
        DELETED
    }

    @Test
    void files_that_could_not_be_made_are_made_once_they_can_be() throws IOException {
        Bank bank = bank();
        List<ViewedImages> sets = List.of(SET, new ViewedImages.AtPosition(12, 50));
        Path model = inputs.resolve("teacher.safetensors");
        Path away = inputs.resolve("away");
        try (SparkCluster cluster = SparkCluster.start("bank")) {
            BankFiller filler = new BankFiller(cluster, new Console(System.out, false), event -> {});
            Files.move(model, away);
            assertThatThrownBy(() -> filler.fill(bank, sets)).hasMessageContaining(SET.name());
            assertThatThrownBy(() -> filler.fill(bank, List.of(sets.get(1))))
                    .hasMessageContaining(sets.get(1).name());
            Files.move(away, model);
            filler.fill(bank, sets);
        }
        assertThat(new BankFiles(HADOOP, bank.key()).names())
                .containsExactlyInAnyOrder(SET.name(), sets.get(1).name());
    }

    @Test
    void a_file_that_was_damaged_after_it_was_seen_to_is_made_anew_when_it_is_doubted() throws IOException {
        try (SparkCluster cluster = SparkCluster.start("bank")) {
            BankFiller filler = new BankFiller(cluster, new Console(System.out, false), event -> {});
            filler.fill(bank(), List.of(SET));
            byte[] sound = Files.readAllBytes(file());
            Files.write(file(), new byte[0]);
            filler.fill(bank(), List.of(SET));
            assertThat(file()).isEmptyFile();
            filler.doubt(bank(), List.of(SET));
            filler.fill(bank(), List.of(SET));
            assertThat(file()).hasBinaryContent(sound);
        }
    }

    @Test
    void where_cards_make_the_logits_a_process_without_one_makes_none_and_says_what_comes_of_it() throws IOException {
        TeacherLocation onCard =
                new TeacherLocation(teacher.uri(), teacher.model(), teacher.hash(), Computation.CUDA_FP32);
        Bank ofCards = new Bank(bank().key(), onCard, data).withoutCards();
        assertThatThrownBy(() -> page(ofCards))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(SET.name(), file().toString(), "The next attempt has an executor make them");
        assertThat(file()).doesNotExist();
        page(bank());
        assertThat(page(ofCards).made()).isFalse();
        assertThat(bank().withoutCards()).isEqualTo(bank());
    }

    @ParameterizedTest
    @EnumSource
    void a_file_that_is_not_sound_is_made_anew(Damage damage) throws IOException {
        page(bank());
        byte[] sound = Files.readAllBytes(file());
        switch (damage) {
            case CUT -> Files.write(file(), java.util.Arrays.copyOf(sound, sound.length / 2));
            case EMPTY -> Files.write(file(), new byte[0]);
            case CHANGED -> {
                byte[] changed = sound.clone();
                changed[sound.length - 1] ^= 0x40;
                Files.write(file(), changed);
            }
            case OF_ANOTHER_TEACHER -> {
                Bank other = bank("0123");
                new BankFiles(HADOOP, other.key()).write(SET, page(bank()).logits());
                Files.copy(
                        Path.of(new BankFiles(HADOOP, other.key())
                                .file(SET)
                                .toUri()
                                .getPath()),
                        file(),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
            case DELETED -> Files.delete(file());
        }
        assertThat(page(bank()).made()).isTrue();
        assertThat(Files.readAllBytes(file())).isEqualTo(sound);
    }

    @Test
    void tasks_that_want_the_same_file_at_once_make_it_once() throws Exception {
        BankPages pages = new BankPages(new ExecutorCache());
        ExecutorService tasks = Executors.newFixedThreadPool(4);
        try {
            Callable<BankPages.Page> task = () -> pages.page(bank(), SET, HADOOP, () -> false);
            List<Future<BankPages.Page>> results = tasks.invokeAll(List.of(task, task, task, task));
            BankPages.Page first = results.get(0).get();
            for (Future<BankPages.Page> result : results) {
                assertThat(result.get()).isSameAs(first);
            }
        } finally {
            tasks.shutdownNow();
        }
    }

    @Test
    void a_failure_is_told_and_the_next_task_tries_again() throws IOException {
        BankPages pages = new BankPages(new ExecutorCache());
        Bank broken = new Bank(bank().key(), new TeacherLocation(teacher.uri() + "x", "resnet8", "0"), data);
        assertThatThrownBy(() -> pages.page(broken, SET, HADOOP, () -> false)).isInstanceOf(IOException.class);
        assertThat(pages.page(bank(), SET, HADOOP, () -> false).made()).isTrue();
    }
}
