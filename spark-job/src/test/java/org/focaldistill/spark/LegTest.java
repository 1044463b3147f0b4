package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.focaldistill.data.ViewedImages;
import org.focaldistill.net.ImageInput;
import org.focaldistill.net.Normalisation;
import org.focaldistill.spark.bank.Bank;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.store.BankKey;
import org.focaldistill.store.WritePermit;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Seed;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LegTest {
    private static final DataLocation CIFAR = new DataLocation("data", "hash", 100, 50_000, 10_000);

    private static Leg leg(Seed seed) {
        return leg(seed, CIFAR);
    }

    private static Leg leg(Seed seed, DataLocation data) {
        return leg(seed, data, new TeacherLocation("teacher", "resnet56", "hash"), null);
    }

    private static Leg leg(Seed seed, DataLocation data, TeacherLocation teacher, @Nullable Bank bank) {
        return Leg.of(
                SampleOutcomes.with(SampleOutcomes.trial(0.1, 0.9, 0, 1), seed),
                data,
                teacher,
                bank,
                "checkpoints",
                new WritePermit("results", "this driver"),
                1);
    }

    @Test
    void plain_seeds_reach_the_training_as_they_are() {
        Leg leg = leg(Seed.plain(2, 3));

        assertThat(leg.task().dataSeed()).isEqualTo(2);
        assertThat(leg.task().initSeed()).isEqualTo(3);
        assertThat(leg.bankSets().heldOut()).isEqualTo(new ViewedImages.HeldOut(2, 50_000, 0));
    }

    @Test
    void with_its_teacher_on_cpus_it_makes_nothing_for_the_bank_of_a_card() {
        TeacherLocation onCard = new TeacherLocation("teacher", "resnet56", "hash", Computation.CUDA_FP32);
        Bank bank = new Bank(new BankKey("banks", "resnet56", "hash", "hash", 100, "views", true), onCard, CIFAR);
        Leg leg = leg(Seed.of(1), CIFAR, onCard, bank).withTeacherOnCpus();

        assertThat(leg.teacher()).isEqualTo(onCard.onCpus());
        assertThat(leg.bank()).isEqualTo(bank.withoutCards()).isNotEqualTo(bank);
    }

    @Test
    void a_model_made_for_other_images_differs_in_these_whichever_of_the_two_are_one_s_own() throws Exception {
        ImageInput images = new ImageInput(64, new Normalisation(List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25)));
        Leg cifar = leg(Seed.of(1));
        Leg own = leg(Seed.of(1), new DataLocation("data", "hash", 100, 50_000, 10_000, images));

        assertThat(cifar.definition()).doesNotContainKey("images");
        assertThat(cifar.differences(cifar.definition(), "x")).isEmpty();
        assertThat(own.differences(own.definition(), "x")).isEmpty();
        // One that does not say how it was made.
        assertThat(own.differences(Map.of(), "x")).isEmpty();
        assertThat(cifar.differences(Map.of(), "x")).isEmpty();
        assertThat(cifar.differences(own.definition(), "x"))
                .singleElement()
                .asString()
                .startsWith("images was 64 x 64, mean [0.5, 0.5, 0.5], deviation [0.25, 0.25, 0.25], is now 32 x 32");
        ImageInput other = new ImageInput(96, images.normalisation());
        assertThat(own.differences(Map.of("images", other.toString()), "x"))
                .singleElement()
                .asString()
                .contains("images was 96 x 96", "is now 64 x 64");
    }

    @Test
    void of_a_scattered_seed_the_training_has_a_stream_for_the_data_and_one_for_the_weights() {
        Seed seed = Seed.of(2);
        Leg leg = leg(seed);

        assertThat(leg.task().dataSeed()).isEqualTo(seed.dataStream()).isNotEqualTo(2);
        assertThat(leg.task().initSeed())
                .isEqualTo(seed.initStream())
                .isNotEqualTo(leg.task().dataSeed());
        assertThat(leg.bankSets().heldOut()).isEqualTo(new ViewedImages.HeldOut(seed.dataStream(), 50_000, 0));
    }
}
